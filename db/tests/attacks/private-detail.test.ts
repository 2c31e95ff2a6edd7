import type { Client } from 'pg';
import { NOT_ALLOWED, valueOf } from '../refusal';
import { createWorld, type Who, type World } from '../world';

let world: World;
/** In every row that is hidden here: no number, no JSON, no name of a table. */
const SECRET = 'kiwi4711';
const MISSING = 'kiwi4712';

interface Hidden {
  table: string;
  /** The one that holds the secret. */
  column: string;
  whose: 'red' | 'blue';
}
const TABLES: Hidden[] = [
  { table: 'coffee.activity_events', column: 'folder', whose: 'red' },
  { table: 'coffee.activity_events', column: 'session_id', whose: 'red' },
  { table: 'coffee.usage_records', column: 'message_id', whose: 'red' },
  { table: 'coffee.usage_records', column: 'folder', whose: 'red' },
  { table: 'coffee.streams', column: 'name', whose: 'red' },
  { table: 'coffee.message_texts', column: 'text', whose: 'red' },
  { table: 'coffee.message_texts', column: 'line_uuid', whose: 'red' },
  // Ben's are published to those who manage his team: here it is carla's.
  { table: 'coffee.published_lines', column: 'issue', whose: 'blue' },
];
/** Ben’s manager; the admin, who manages too; his team’s daemon. */
const CURIOUS = ['mona', 'anna', 'daemon'] as const satisfies readonly Who[];

beforeAll(async () => {
  world = await createWorld();
  for (const { table, column, whose } of TABLES) {
    // Also what is published, which nobody changes.
    await world.root(
      `begin; set local session_replication_role = replica;
       update ${table} set ${column} = '${SECRET}' where ctid = (select min(ctid) from ${table}
         where person_id = '${world.ids[whose].person}' and ${column} is distinct from '${SECRET}');
       commit`,
    );
    const found = await world.root(`select from ${table} where ${column} = '${SECRET}'`);
    expect([table, column, found.length]).toEqual([table, column, 1]);
  }
  await world.root('analyze');
});
afterAll(() => world.close());

/** SQLSTATE, and everything else that a login is told. */
async function told(client: Client, sql: string): Promise<{ code: string; text: string }> {
  const notices: unknown[] = [];
  const listen = (notice: object): void => void notices.push({ ...notice });
  client.on('notice', listen);
  try {
    const { rows } = await client.query(sql);
    return { code: 'ok', text: JSON.stringify([rows, notices]) };
  } catch (error) {
    const {
      code = '',
      message,
      detail,
      hint,
      where,
      internalQuery,
    } = error as Record<string, string | undefined>;
    // What Postgres quotes of the statement itself is no answer.
    return { code, text: JSON.stringify([message, detail, hint, where, internalQuery, notices]) };
  } finally {
    client.off('notice', listen);
  }
}

/** Each fails, tells or leaves something where it meets the row; none of them spells the secret. */
const probes = ({ table: t, column: c }: Hidden): string[] => [
  `select ${c}::int from ${t}`,
  `select from ${t} where ${c}::int = 1`,
  `select from ${t} where ${c} like 'kiwi%' and ${c}::int = 1`,
  `select from ${t} where 1 / (case when ${c} like 'kiwi%' then length(${c}) - length(${c}) else 1 end) = 1`,
  `select * from ${t} order by ${c}::int`,
  `select from ${t} x join generate_series(1, 2) n on n = x.${c}::int`,
  `select count(*) from ${t} group by ${c}::int`,
  `select sum(length(${c})) filter (where ${c}::int = 1) from ${t}`,
  `select from ${t} where ${c}::regclass is not null`,
  `select from ${t} where ${c}::json is not null`,
  `select from ${t} where decode(${c}, 'hex') is not null`,
  `select from ${t} where to_tsquery(${c} || ' &') is not null`,
  `select from ${t} where regexp_replace('x', ${c} || '(', '') = 'x'`,
  `select from ${t} where query_to_xml(${c}, true, true, '') is not null`,
  `select from ${t} where set_config('probe.seen', ${c}, false) is not null`,
  `select from ${t} where pg_notify('probe', ${c}) is null`,
  `select x from ${t} x where x::text::int = 1`,
  `select from ${t} tablesample system (100) where ${c}::int = 1`,
];

describe('private detail of another person', () => {
  it.each(CURIOUS)('comes out of no error, notice or leaky function for %s', async (who) => {
    const client = await world.as(who);
    const heard: string[] = [];
    client.on('notification', ({ payload }) => heard.push(payload ?? ''));
    await client.query('listen probe');
    for (const hidden of TABLES)
      for (const settings of ['set enable_seqscan = on', 'set enable_seqscan = off']) {
        await client.query(settings);
        for (const sql of probes(hidden)) {
          const { code, text } = await told(client, sql);
          expect([sql, code === '22012', text.includes('kiwi')]).toEqual([sql, false, false]);
        }
      }
    await client.query('reset enable_seqscan; unlisten probe');
    const seen = await valueOf<string | null>(client, `select current_setting('probe.seen', true)`);
    expect(`${seen}${heard.join()}`).not.toMatch(/kiwi/);
  });

  it('comes out of most of them for whose it is', async () => {
    for (const hidden of TABLES) {
      const client = await world.as(hidden.whose === 'red' ? 'ben' : 'carla');
      const answers = [];
      for (const sql of probes(hidden)) answers.push(await told(client, sql));
      const telling = answers.filter(({ code, text }) => code !== 'ok' || /kiwi/.test(text));
      expect([hidden, telling.length > 8]).toEqual([hidden, true]);
      await client.query(`select set_config('probe.seen', '', false)`);
    }
  });

  it('is in no sequence that one of them reads', async () => {
    const names = await world.root<{ name: string }>(
      `select oid::regclass::text as name from pg_class where relkind = 'S'
        and relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')`,
    );
    expect(names.length).toBeGreaterThan(3);
    for (const who of CURIOUS) {
      const client = await world.as(who);
      for (const { name } of names)
        for (const sql of [`select last_value from ${name}`, `select currval('${name}')`])
          expect([who, sql, (await told(client, sql)).code]).toEqual([who, sql, NOT_ALLOWED]);
      const shown = `select count(last_value)::int from pg_sequences where schemaname <> 'public'`;
      expect([who, await valueOf(client, shown)]).toEqual([who, 0]);
    }
  });
});

interface Node {
  'Relation Name'?: string;
  'Index Cond'?: string;
  'Recheck Cond'?: string;
  Filter?: string;
  Plans?: Node[];
}

// No clock: what takes time is the work, and of that the server itself says how much it was.
describe('timing of what is hidden', () => {
  const scansOf = (node: Node, name: string): Node[] => [
    ...(node['Relation Name'] === name ? [node] : []),
    ...(node.Plans ?? []).flatMap((one) => scansOf(one, name)),
  ];
  async function planOf(client: Client, sql: string): Promise<Node> {
    const options = 'analyze, costs off, timing off, summary off, buffers off, format json';
    const plan = await valueOf<{ Plan: Node }[]>(client, `explain (${options}) ${sql}`);
    return plan[0]!.Plan;
  }
  const readable = (who: Who): Hidden[] =>
    TABLES.filter(({ table }) => who !== 'daemon' || table === 'coffee.usage_records');

  it.each(CURIOUS)('lets no function of %s see a row before the policy has', async (who) => {
    const client = await world.as(who);
    for (const { table, column } of readable(who))
      for (const settings of ['set enable_seqscan = on', 'set enable_seqscan = off']) {
        await client.query(settings);
        const sql = `select from ${table} where reverse(${column}) = 'x'`;
        const scans = scansOf(await planOf(client, sql), table.replace('coffee.', ''));
        expect(scans).not.toEqual([]);
        for (const { Filter = '', ...scan } of scans) {
          const first = `${scan['Index Cond'] ?? ''} ${scan['Recheck Cond'] ?? ''} ${Filter}`;
          const [policy, own] = [first.indexOf('person_id'), first.indexOf('reverse(')];
          expect([sql, first, policy >= 0 && policy < own]).toEqual([sql, first, true]);
        }
      }
    await client.query('reset enable_seqscan');
  });

  it.each(CURIOUS)('is the same work for %s whether it is there or not', async (who) => {
    const client = await world.as(who);
    const work = async ({ table, column }: Hidden, value: string): Promise<unknown> => {
      const sql = `select from ${table} where ${column} = '${value}'`;
      const plan = JSON.stringify(await planOf(client, sql)).replaceAll(value, '#');
      const counted = `select concat_ws(' ', seq_scan, seq_tup_read, idx_scan, idx_tup_fetch) as n
        from pg_stat_xact_user_tables where relid = '${table}'::regclass`;
      await client.query('begin');
      const before = await valueOf<string>(client, counted);
      await client.query(sql);
      const after = await valueOf<string>(client, counted);
      await client.query('rollback');
      const was = before.split(' ').map(Number);
      const read = after.split(' ').map((n, at) => Number(n) - was[at]!);
      return { sql: sql.replace(value, '#'), plan, read };
    };
    // Not what is published: by two ways to see a row Postgres may look for the value first (SECURITY.md).
    const detail = readable(who).filter(({ table }) => table !== 'coffee.published_lines');
    for (const hidden of detail)
      for (const settings of ['set enable_seqscan = on', 'set enable_seqscan = off']) {
        await client.query(settings);
        expect(await work(hidden, SECRET)).toEqual(await work(hidden, MISSING));
      }
    await client.query('reset enable_seqscan');
  });

  it('tells not even by an index: those of private detail begin with whose it is', async () => {
    const others = await world.root(
      `select i.indexrelid::regclass::text as name from pg_index i
       where i.indrelid in (select attrelid from pg_attribute where attname = 'person_id')
         and i.indrelid::regclass::text ~ '^coffee\\.(activity_|usage_|agent_s|work_f|stream|time_|message_t)'
         and i.indkey[0] <> (select a.attnum from pg_attribute a
           where a.attrelid = i.indrelid and a.attname = 'person_id')`,
    );
    // Everybody reads which zones there are.
    expect(others).toEqual([{ name: 'coffee.usage_days_zone' }]);
  });
});
