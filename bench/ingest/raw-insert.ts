import type { TraceEvent } from '@coffee-roadmap/shared/traces/trace-event';
import type { Client } from 'pg';

const AT_ONCE = 500;

/** Where the same rows go without merge, identity, policies, prices or sums: same columns, same indexes. */
const TABLES = `
  drop schema if exists raw cascade;
  create schema raw;
  create table raw.traces (like coffee.traces including all);
  create table raw.generations (like coffee.generations including all);
  create table raw.spans (like coffee.spans including all);
  create table raw.events (like coffee.events including all);`;

const INSERTS = {
  'trace-create': `insert into raw.traces (project_id, id, name, user_id, tags, metadata, input,
      environment, started_at, seen_at, stamp)
    select $1, u.id, u.name, 'ada', '{bench}', '{"n": 1}', u.input, 'bench', u.at, u.at, 1`,
  'generation-create': `insert into raw.generations (project_id, id, trace_id, name, model, model_name,
      input, output, environment, started_at, ended_at, seen_at, usage_details, input_tokens,
      output_tokens, cache_read_tokens, cache_write_5m_tokens, cost_nanos, stamp)
    select $1, u.id, u.trace_id, u.name, 'claude-opus-4-5', 'claude-opus-4-5', u.input, u.output, 'bench',
      u.at, u.at, u.at, '{"input": 1000, "output": 200, "cache_read": 5000}', 1000, 200, 5000, 100,
      13125000, 1`,
  'tool-create': `insert into raw.spans (project_id, id, trace_id, name, kind, input, output, started_at,
      ended_at, seen_at, stamp)
    select $1, u.id, u.trace_id, u.name, 'tool', u.input, u.output, u.at, u.at, u.at, 1`,
  'event-create': `insert into raw.events (project_id, id, trace_id, name, input, started_at, seen_at, stamp)
    select $1, u.id, u.trace_id, u.name, u.input, u.at, u.at, 1`,
};

const ROWS = ` from unnest($2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::jsonb[], $7::jsonb[])
  u (id, trace_id, name, at, input, output)`;

export async function makeRawTables(client: Client): Promise<void> {
  await client.query(TABLES);
}

/** As fast as Postgres takes them over one connection: 500 rows a statement, a commit for each. */
export async function insertRaw(
  client: Client,
  project: string,
  events: TraceEvent[],
): Promise<void> {
  for (const [type, insert] of Object.entries(INSERTS)) {
    const rows = events.filter((event) => event.type === type);
    for (let from = 0; from < rows.length; from += AT_ONCE) {
      const some = rows.slice(from, from + AT_ONCE);
      const column = (name: string) => some.map(({ body }) => body[name] ?? null);
      const json = (name: string) => some.map(({ body }) => JSON.stringify(body[name] ?? null));
      await client.query(insert + ROWS, [
        ...[project, column('id'), column('traceId'), column('name')],
        ...[some.map(({ timestamp }) => timestamp), json('input'), json('output')],
      ]);
    }
  }
}
