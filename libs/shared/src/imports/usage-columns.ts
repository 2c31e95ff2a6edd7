import type { UsageRecord } from '../records/record';

type Column = (string | number | boolean | null)[];

/** Argument of coffee.import_records → its type and where its values come from, in no order. */
const COLUMNS: Record<string, [type: string, value: (of: UsageRecord) => Column[number]]> = {
  p_at: ['timestamptz', (r) => r.at],
  p_message_id: ['text', (r) => r.message_id],
  p_request_id: ['text', (r) => r.request_id],
  p_line_uuid: ['text', (r) => r.line_uuid],
  p_session_id: ['text', (r) => r.session_id],
  p_agent_id: ['text', (r) => r.agent_id],
  p_is_sidechain: ['boolean', (r) => r.is_sidechain],
  p_model: ['text', (r) => r.model],
  p_speed: ['text', (r) => r.speed],
  p_input: ['bigint', (r) => r.input_tokens],
  p_output: ['bigint', (r) => r.output_tokens],
  p_cache_read: ['bigint', (r) => r.cache_read_tokens],
  p_cache_write_5m: ['bigint', (r) => r.cache_write_5m_tokens],
  p_cache_write_1h: ['bigint', (r) => r.cache_write_1h_tokens],
  p_logged_cost: ['numeric', (r) => r.logged_cost_usd],
  p_folder: ['text', (r) => r.folder],
  p_git_branch: ['text', (r) => r.git_branch],
  p_version: ['text', (r) => r.version],
};

export interface ImportColumn {
  name: string;
  type: string;
  values: Column;
}

/** Column by column: arrays cost Postgres half of what rows of JSON do. */
export function usageColumns(records: readonly UsageRecord[]): ImportColumn[] {
  return Object.entries(COLUMNS).map(([name, [type, value]]) => ({
    name,
    type,
    values: records.map(value),
  }));
}
