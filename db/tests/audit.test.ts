import { codeOf, valueOf } from './refusal';
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
