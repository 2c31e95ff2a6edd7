import type { Client } from 'pg';
import { codeOf, valueOf } from './refusal';
import type { TeamIds } from './seed';
import { MONTH } from './seed-billing';
import { describeTable, type TableRules } from './table-rules';

const bens: TableRules['rows'] = {
  'what ben did': ({ ids }) => `actor_id = '${ids.red.person}'`,
  'what carla did': ({ ids }) => `actor_id = '${ids.blue.person}'`,
};
const reads: TableRules['reads'] = {
  anna: [],
  mona: [],
  ben: ['what ben did'],
  carla: ['what carla did'],
  auditor: ['what ben did', 'what carla did'],
  nobody: [],
};

interface Said {
  action: string;
  actor: string;
  login: string;
  data: Record<string, unknown>;
}
type Row = Record<string, unknown>;

/** Who does what with a team's money, and what the trail keeps of it. */
const money: {
  action: string;
  who: 'ben' | 'mona';
  sql: string;
  params: (red: TeamIds) => unknown[];
  keeps: (red: TeamIds, row: Row) => object;
  /** Done again it changes nothing, and the trail says nothing. */
  once?: boolean;
}[] = [
  {
    action: 'granularity.set',
    who: 'mona',
    sql: 'select * from coffee.set_granularity($1, $2, $3)',
    params: ({ team }) => [team, { close_days: 5, zone: 'Europe/Berlin' }, '2026-03-01'],
    keeps: ({ team }, { set_by }) => ({
      ...{ team_id: team, from_month: '2026-03-01', period: 'month', per: 'project' },
      ...{ zone: 'Europe/Berlin', close_days: 5, set_by },
    }),
  },
  {
    action: 'billing.set',
    who: 'mona',
    sql: 'select coffee.set_billing($1, $2)',
    params: ({ project }) => [project, { budget: 500, bill_delegated: true }],
    keeps: ({ project }) => ({ project, settings: { budget: 500, bill_delegated: true } }),
  },
  {
    action: 'rate.set',
    who: 'mona',
    sql: 'select coffee.set_rate($1, $2, $3, $4) as id',
    params: ({ project }) => [project, 'ben', '2026-02-01', '120.5'],
    keeps: ({ project, person }, { id }) => ({
      ...{ id: Number(id), project, person, from: '2026-02-01', per_hour: 120.5 },
    }),
  },
  {
    action: 'month.close',
    who: 'mona',
    sql: 'select coffee.close_month($1, $2)',
    params: ({ team }) => [team, '2026-02-01'],
    keeps: ({ team }) => ({ team, month: '2026-02-01' }),
    once: true,
  },
  {
    // Of a closed month: a correction.
    action: 'summary.publish',
    who: 'ben',
    sql: `select * from coffee.publish($1, $2, $3, 'hand', ' a laptop was offline ')`,
    params: ({ team, project }) => [
      ...[team, MONTH],
      JSON.stringify([{ project, kind: 'time', measured_seconds: 7200, billed_seconds: 7200 }]),
    ],
    keeps: ({ team }, { digest }) => ({
      ...{ team, first_day: MONTH, version: 2, sha256: digest, layer: 'hand' },
      reason: 'a laptop was offline',
    }),
    once: true,
  },
  {
    // Of that correction: two hours at 100.
    action: 'bill.make',
    who: 'mona',
    sql: `select id, encode(sha256, 'hex') as digest from coffee.make_bill($1, $2, 'Acme')`,
    params: ({ team }) => [team, MONTH],
    keeps: ({ team }, { id, digest }) => ({ id, team, month: MONTH, total: 200, sha256: digest }),
    once: true,
  },
];

async function saidOf(auditor: Client, action: string): Promise<Said[]> {
  const { rows } = await auditor.query<{ said: Said }>(
    `select p.payload::jsonb as said from audit.entries e join audit.payloads p on p.entry_id = e.id
     where e.action = $1 order by e.id`,
    [action],
  );
  return rows.map(({ said }) => said);
}

describeTable(
  {
    table: 'audit.entries',
    rows: bens,
    reads,
    insert: () => `insert into audit.entries (action, digest) values ('x', sha256('x'))`,
    column: 'action',
  },
  (world) => {
    it.each([
      `update audit.entries set action = 'nothing'`,
      'delete from audit.entries',
      'truncate audit.entries cascade',
    ])('refuses "%s" even to a superuser', async (sql) => {
      expect(await codeOf(await world().database.connect(), sql)).toBe('42501');
    });

    it.each(money)(
      'keeps who did $action, and what it was',
      async ({ action, who, sql, params, keeps, once }) => {
        const { red } = world().ids;
        const [auditor, client] = [await world().as('auditor'), await world().as(who)];
        const before = (await saidOf(auditor, action)).length;
        const row = (await client.query<Row>(sql, params(red))).rows[0]!;
        const said = await saidOf(auditor, action);
        expect(said).toHaveLength(before + 1);
        expect(said.at(-1)).toMatchObject({
          ...{ action, login: world().login(who).login },
          actor: await valueOf(client, 'select id from coffee.whoami()'),
          data: keeps(red, row),
        });
        if (once !== true) return;
        await client.query(sql, params(red));
        expect(await saidOf(auditor, action)).toHaveLength(before + 1);
      },
    );

    it('says for every entry what was done, with a digest that fits the payload', async () => {
      const wrong = await valueOf<string>(
        await world().as('auditor'),
        `select count(*) from audit.entries e left join audit.payloads p on p.entry_id = e.id
         where sha256(p.salt || convert_to(p.payload, 'UTF8')) is distinct from e.digest
           or p.payload::jsonb ->> 'action' <> e.action`,
      );
      expect(Number(wrong)).toBe(0);
    });
  },
);

describeTable({
  table: 'audit.payloads',
  rows: bens,
  reads,
  insert: () => `insert into audit.payloads values (1, null, sha256('x'), 'x')`,
  column: 'payload',
});

describeTable({
  table: 'audit.unsealed',
  rows: { 'an entry that waits for its seal': () => `entry_id = 1` },
  reads: { auditor: ['an entry that waits for its seal'] },
  insert: () => `insert into audit.unsealed values (999)`,
  column: 'entry_id',
});
