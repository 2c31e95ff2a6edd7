import type { Client } from 'pg';
import { attempt } from './refusal';
import { createWorld, type World } from './world';

const FOREIGN_KEY = '23503';

let world: World;
let root: Client;
beforeAll(async () => {
  world = await createWorld();
  root = await world.database.connect(world.database.superuserUrl);
});
afterEach(() => root.query('rollback'));
afterAll(async () => {
  await root.end();
  await world.close();
});

const team = '(select id from coffee.teams limit 1)';
const project = '(select id from coffee.projects limit 1)';
const daemon = `(select id from priv.principals where kind = 'daemon' limit 1)`;
const item = '(select id from coffee.roadmap_items limit 1)';

/** Parents that nothing else points at, and the tables whose rows hold them. */
const PARENTS: [parent: string, key: string, make: string, column: string, tables: string[]][] = [
  [
    'coffee.projects',
    'id',
    `(team_id, name, repository) values (${team}, 'new', '/x')`,
    'project_id',
    ['traces', 'generations', 'spans', 'events', 'scores', 'trace_event_ids'],
  ],
  [
    'priv.principals',
    'id',
    `(kind, name) values ('daemon', 'no login')`,
    'daemon_id',
    ['traces', 'generations', 'spans', 'events', 'scores'],
  ],
  [
    'coffee.attempts',
    'id',
    `(item_id, project_id, attempt, daemon_id, agent)
      select i.id, i.project_id, 99, ${daemon}, 'rehearsal' from coffee.roadmap_items i where i.id = ${item}`,
    'attempt_id',
    ['traces', 'generations', 'spans', 'events', 'scores'],
  ],
  [
    'coffee.roadmap_items',
    'id',
    `(project_id, number, position, title) values (${project}, 999, 999, 'new')`,
    'item_id',
    ['traces', 'generations'],
  ],
  [
    'coffee.price_versions',
    'version',
    `(note) values ('a test')`,
    'pricing_version',
    ['generations'],
  ],
];

it.each(PARENTS)(
  '%s keeps the row that something was reported with, and lets go of others',
  async (parent, key, make, column, tables) => {
    await root.query('begin');
    // What else happens when such a row is made is not looked at.
    await root.query('set session_replication_role = replica');
    const { rows } = await root.query<{ key: string }>(
      `insert into ${parent} ${make} returning ${key} as key`,
    );
    const made = rows[0]!.key;
    for (const table of tables) {
      const columns = column === 'project_id' ? [column] : ['project_id', column];
      const more = table === 'scores' ? `name, data_type, at` : `seen_at`;
      const values = table === 'scores' ? `'x', 'NUMERIC', now()` : `now()`;
      await root.query(
        table === 'trace_event_ids'
          ? 'insert into coffee.trace_event_ids (project_id, event) values ($1, gen_random_uuid())'
          : `insert into coffee.${table} (${columns.join(', ')}, id, stamp, ${more})
             values (${column === 'project_id' ? '' : `${project}, `}$1, 'child', 0, ${values})`,
        [made],
      );
      await root.query('set session_replication_role = origin; savepoint before');
      for (const sql of [
        `delete from ${parent} where ${key} = $1`,
        `update ${parent} set ${key} = default where ${key} = $1`,
      ]) {
        const { code, message } = await attempt(root, sql, [made]);
        await root.query('rollback to before');
        expect([table, sql, code, message]).toEqual([
          table,
          sql,
          FOREIGN_KEY,
          `rows of coffee.${table} were reported with this ${column}`,
        ]);
      }
      await root.query('set session_replication_role = replica');
      await root.query(`delete from coffee.${table} where ${column} = $1`, [made]);
    }
    await root.query('set session_replication_role = origin');
    expect(await attempt(root, `delete from ${parent} where ${key} = $1`, [made])).toMatchObject({
      code: 'ok',
      rowCount: 1,
    });
  },
);

it('takes no batch for a project or an attempt that is gone', async () => {
  const ingest = 'select priv.ingest_events($1, null, $2, null, $3)';
  const nobody = '00000000-0000-4000-8000-000000000000';
  const batch = JSON.stringify([
    { id: 'e', type: 'trace-create', timestamp: '2026-11-20T10:00:00.000Z', body: { id: 't' } },
  ]);
  expect(await attempt(root, ingest, [nobody, null, batch])).toMatchObject({ code: FOREIGN_KEY });
  const { red, blue } = world.ids;
  expect(await attempt(root, ingest, [red.project, blue.attempt, batch])).toMatchObject({
    code: FOREIGN_KEY,
    message: 'there is no such attempt',
  });
});

it('makes whoever deletes a parent wait for the batch that is on its way', async () => {
  const daemonOf = await world.as('daemon');
  await daemonOf.query('begin');
  await daemonOf.query('select coffee.ingest_traces($1, $2)', [world.ids.red.attempt, '[]']);
  await root.query(`set lock_timeout = '50ms'`);
  for (const [table, id] of [
    ['projects', world.ids.red.project],
    ['attempts', world.ids.red.attempt],
  ]) {
    const { code } = await attempt(root, `delete from coffee.${table} where id = $1`, [id]);
    expect([table, code]).toEqual([table, '55P03']);
  }
  await daemonOf.query('rollback');
  await root.query('reset lock_timeout');
});
