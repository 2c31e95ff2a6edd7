import { MONTH } from './seed-billing';
import { describeTables, type TableRules } from './table-rules';
import type { Who, World } from './world';

type Reads = TableRules['reads'];
const red = ['red'];
const blue = ['blue'];
const both = ['red', 'blue'];
const ofTeam = (column: 'team_id' | 'project_id') => ({
  red: ({ ids }: World) => `${column} = '${ids.red[column === 'team_id' ? 'team' : 'project']}'`,
  blue: ({ ids }: World) => `${column} = '${ids.blue[column === 'team_id' ? 'team' : 'project']}'`,
});
const members: Reads = { anna: red, mona: red, ben: red, carla: blue, nobody: [] };
/** Ben's and carla's own; anna and mona manage the red team. */
const own: Reads = { anna: red, mona: red, ben: red, carla: blue, nobody: [] };
const audited: Reads = { ...own, auditor: both };
const managers: Reads = { anna: red, mona: red, nobody: [] };

const insert = (table: string, columns: string, values: (world: World) => string) => ({
  table,
  insert: (world: World) => `insert into ${table} (${columns}) values (${values(world)})`,
});
const asBen = ({ ids }: World): string => `'${ids.red.person}', '${ids.red.team}'`;

const rules: TableRules[] = [
  {
    ...insert(
      'coffee.granularities',
      'team_id, from_month',
      ({ ids }) => `'${ids.red.team}', '2020-01-01'`,
    ),
    rows: ofTeam('team_id'),
    reads: members,
    column: 'zone',
  },
  {
    ...insert('coffee.billing_settings', 'project_id', ({ ids }) => `'${ids.red.project}'`),
    rows: ofTeam('project_id'),
    reads: members,
    column: 'client',
  },
  {
    ...insert(
      'coffee.closed_months',
      'team_id, month',
      ({ ids }) => `'${ids.red.team}', '2020-01-01'`,
    ),
    rows: ofTeam('team_id'),
    reads: members,
    column: 'closed_at',
  },
  {
    ...insert(
      'coffee.team_insights',
      'team_id, first_day',
      ({ ids }) => `'${ids.red.team}', '2020-01-01'`,
    ),
    rows: ofTeam('team_id'),
    reads: members,
    column: 'value',
  },
  {
    ...insert('coffee.published_summaries', 'person_id, team_id', asBen),
    rows: ofTeam('team_id'),
    reads: audited,
    column: 'reason',
  },
  {
    ...insert('coffee.published_lines', 'person_id, team_id', asBen),
    rows: ofTeam('team_id'),
    reads: audited,
    column: 'billed_seconds',
  },
  {
    ...insert('coffee.publications', 'person_id, team_id', asBen),
    rows: ofTeam('team_id'),
    reads: own,
    column: 'ok',
  },
  {
    ...insert('coffee.publisher_beats', 'person_id, team_id', asBen),
    rows: ofTeam('team_id'),
    reads: own,
    column: 'bucket',
  },
  {
    ...insert('coffee.bill_lines', 'person_id, team_id', asBen),
    rows: ofTeam('team_id'),
    reads: own,
    column: 'amount',
  },
  {
    ...insert(
      'coffee.rates',
      'project_id, effective_from',
      ({ ids }) => `'${ids.red.project}', '${MONTH}'`,
    ),
    rows: {
      red: ({ ids }) => `person_id = '${ids.red.person}'`,
      blue: ({ ids }) => `person_id = '${ids.blue.person}'`,
      usual: ({ ids }) => `person_id is null and project_id = '${ids.red.project}'`,
    },
    reads: { ...own, anna: ['red', 'usual'], mona: ['red', 'usual'] },
    column: 'per_hour',
  },
  {
    ...insert('coffee.bills', 'team_id, month', ({ ids }) => `'${ids.red.team}', '${MONTH}'`),
    rows: ofTeam('team_id'),
    reads: managers,
    column: 'total',
  },
  {
    ...insert('coffee.project_links', 'person_id, kind', ({ ids }) => `'${ids.red.person}', 'tag'`),
    rows: {
      red: ({ ids }) => `person_id = '${ids.red.person}'`,
      blue: ({ ids }) => `person_id = '${ids.blue.person}'`,
    },
    // Nor do anna and mona, who manage ben.
    reads: { anna: [], mona: [], ben: red, carla: blue, nobody: [] },
    column: 'value',
  },
];

describeTables(rules, (world) => {
  it.each(['agent', 'daemon', 'slackbot', 'dashboard', 'collector', 'nobody'] as Who[])(
    'are published by nobody but a person: not by %s',
    async (who) => {
      const { red: ids } = world().ids;
      const client = await world().as(who);
      const tried = client.query(`select coffee.publish($1, $2, '[]', 'hand')`, [ids.team, MONTH]);
      await expect(tried).rejects.toMatchObject({ code: '42501' });
    },
  );
});
