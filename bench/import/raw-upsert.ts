import { usageColumns } from '@coffee-roadmap/shared/imports/usage-columns';
import type { UsageRecord } from '@coffee-roadmap/shared/records/record';
import type { Client } from 'pg';

/** Where the same rows go without identity, policies, prices, order of copies or sums: same columns and indexes. */
export async function makeRawTable(client: Client): Promise<void> {
  await client.query(`drop schema if exists raw cascade; create schema raw;
    create table raw.usage_records (like coffee.usage_records including all)`);
}

const NAMES = [
  'message_id',
  'request_id',
  'line_uuid',
  'session_id',
  'agent_id',
  'is_sidechain',
  'model',
  'speed',
  'at',
  'input_tokens',
  'output_tokens',
  'cache_read_tokens',
  'cache_write_5m_tokens',
  'cache_write_1h_tokens',
  'folder',
  'git_branch',
  'version',
] as const;
const ARGUMENTS: Record<string, string> = {
  input_tokens: 'p_input',
  output_tokens: 'p_output',
  cache_read_tokens: 'p_cache_read',
  cache_write_5m_tokens: 'p_cache_write_5m',
  cache_write_1h_tokens: 'p_cache_write_1h',
};

/** One statement and one commit for each batch, over one connection. */
export async function upsertRaw(
  client: Client,
  person: string,
  machineId: string,
  records: readonly UsageRecord[],
): Promise<void> {
  const columns = usageColumns(records);
  const given = NAMES.map((name) =>
    columns.find((one) => one.name === (ARGUMENTS[name] ?? `p_${name}`))!,
  );
  const updates = NAMES.filter((name) => name !== 'message_id')
    .map((name) => `${name} = excluded.${name}`)
    .join(', ');
  await client.query(
    `insert into raw.usage_records (person_id, machine_id, request_key, ${NAMES.join(', ')})
     select $1, $2, coalesce(u.request_id, ''), u.*
     from unnest(${given.map(({ type }, i) => `$${i + 3}::${type}[]`).join(', ')}) u (${NAMES.join(', ')})
     on conflict (person_id, message_id, request_key) do update set ${updates}`,
    [person, machineId, ...given.map(({ values }) => values)],
  );
}
