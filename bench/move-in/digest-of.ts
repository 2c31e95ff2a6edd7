import type { Client } from 'pg';

/** What says when something was done, and not what it is; the journal; and time, which is computed again. */
const LEFT_OUT = ['move_batches', 'move_changes', 'time_days', 'time_intervals'];

/** Every table of the product: how many rows, and a sum over what is in them, in any order. */
export async function digestOf(client: Client): Promise<Record<string, string>> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select c.relname as name from pg_class c
     where c.relnamespace = 'coffee'::regnamespace and c.relkind = 'r' and c.relname <> all ($1) order by 1`,
    [LEFT_OUT],
  );
  const found: Record<string, string> = {};
  for (const { name } of tables) {
    const { rows } = await client.query<{ digest: string }>(
      `select concat_ws(' ', count(*), sum(('x' || left(md5(to_jsonb(t)::text), 15))::bit(60)::bigint)) as digest
       from coffee.${name} t`,
    );
    found[name] = rows[0]!.digest;
  }
  return found;
}
