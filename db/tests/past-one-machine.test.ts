import { installLints, lintDatabase } from '@coffee-roadmap/db/lint';
import { databaseFolder } from '@coffee-roadmap/db/source';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { wrongSums } from './ledger';
import { partitionUsage } from './partition-usage';
import { importRecords, RED_MACHINE, usage } from './reports';
import { createWorld, type World } from './world';

/** docs/scale.md says what these find. */
let world: World;
let root: Client;

beforeAll(async () => {
  world = await createWorld();
  root = await world.database.connect();
});
afterAll(() => world.close());

it('has no trigger on a table that Citus would distribute but those that the page names', async () => {
  await root.query('begin');
  await installLints(root, databaseFolder());
  const { rows } = await root.query<{ does: string }>(`
    select distinct p.proname::text as does
    from pg_temp.distribution d
    join pg_trigger t on t.tgrelid = to_regclass(d.relation) and not t.tgisinternal
    join pg_proc p on p.oid = t.tgfoid
    where d.place = 'distributed'`);
  await root.query('rollback');
  const page = readFileSync(path.join(databaseFolder(), '..', 'docs', 'scale.md'), 'utf8');
  const [, triggers] = /\*\*Triggers\.\*\*([\s\S]*?)\n- /.exec(page)!;
  const named = [...triggers!.matchAll(/`([a-z_]+)`/g)].map(([, name]) => name!);
  expect(rows.map(({ does }) => does).sort()).toEqual(named.sort());
});

describe('partitions', () => {
  const partitioned = (table: string, by: string) =>
    `create table trial_${table} (like coffee.${table} including all excluding identity) partition by ${by}`;

  async function outcomeOf(table: string, by: string): Promise<string> {
    await root.query('begin');
    try {
      await root.query(partitioned(table, by));
      return 'partitioned';
    } catch (error) {
      return (error as Error).message;
    } finally {
      await root.query('rollback');
    }
  }

  it('by time need the time in every key: sums have it, records have not', async () => {
    const refused = 'unique constraint on partitioned table must include all partitioning columns';
    const tried: Record<string, string> = {
      usage_buckets: 'range (bucket)',
      usage_days: 'range (day)',
      trace_buckets: 'range (bucket)',
      trace_days: 'range (day)',
      day_counts: 'range (day)',
      usage_records: 'range (at)',
      generations: 'range (started_at)',
      activity_events: 'range (at)',
      phrase_records: 'range (at)',
    };
    const found: Record<string, string> = {};
    for (const [table, by] of Object.entries(tried)) found[table] = await outcomeOf(table, by);
    expect(found).toEqual({
      ...Object.fromEntries(Object.keys(tried).map((table) => [table, 'partitioned'])),
      usage_records: refused,
      generations: refused,
      activity_events: refused,
      phrase_records: refused,
    });
    expect(await outcomeOf('usage_records', 'hash (person_id)')).toBe('partitioned');
    expect(await outcomeOf('generations', 'hash (project_id)')).toBe('partitioned');
  });

  it('by person take the same import, under the same policies, with the same sums', async () => {
    const [ben, carla] = [await world.as('ben'), await world.as('carla')];
    await partitionUsage(world.database.superuserUrl);

    const records = Array.from({ length: 50 }, (_, n) => usage({ message_id: `msg_part_${n}` }));
    const mine = { machineId: RED_MACHINE };
    expect(await importRecords(ben, records, mine)).toMatchObject({ refused: 0 });
    const seen = `select count(*)::int as n from coffee.usage_records where message_id like 'msg_part_%'`;
    expect((await ben.query(seen)).rows).toEqual([{ n: 50 }]);
    await importRecords(ben, records, mine);
    expect((await ben.query(seen)).rows).toEqual([{ n: 50 }]);
    expect((await carla.query(seen)).rows).toEqual([{ n: 0 }]);
    expect(await wrongSums(world)).toEqual([]);

    const direct = 'select from coffee.usage_records_0';
    await expect(ben.query(direct)).rejects.toMatchObject({ code: '42501' });
    const lints = await lintDatabase(root, databaseFolder());
    expect(lints.filter(({ object }) => !object.includes('usage_records_'))).toEqual([]);
    // Each partition asks for its own row-level security, though nobody may read it.
    const unguarded = ['rls_disabled', 'rls_not_forced', 'rls_without_policy'];
    expect([...new Set(lints.map(({ lint }) => lint))]).toEqual(unguarded);
  });
});
