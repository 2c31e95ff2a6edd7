import type { Client } from 'pg';
import { valueOf } from './refusal';
import type { World } from './world';

export const ROLL_BACK = 'select coffee.roll_back_move_in($1, $2)';

/** One move: begin, work, finish. The batch's number, and what the work gave. */
export async function moveIn<T>(
  client: Client,
  kind: string,
  work: () => Promise<T>,
): Promise<[batch: number, result: T]> {
  await client.query('begin');
  const batch = await valueOf<number>(client, 'select coffee.begin_move_in($1, $2)', [kind, 'x']);
  const result = await work();
  await client.query(`select coffee.finish_move_in('{}')`);
  await client.query('commit');
  return [batch, result];
}

/** Every row of these tables of the schema coffee, times and all. */
export async function rowsOfAll(
  world: World,
  tables: readonly string[],
): Promise<Record<string, unknown>> {
  const found: Record<string, unknown> = {};
  for (const table of tables)
    found[table] = await world.root(
      `select to_jsonb(t) as row from coffee.${table} t order by md5(to_jsonb(t)::text)`,
    );
  return found;
}
