import { makeRecordId } from '@coffee-roadmap/shared/records/record-id';
import type { UsageRecord } from '@coffee-roadmap/shared/records/record';
import { createHash } from 'node:crypto';

const START = Date.parse('2025-01-01T00:00:00Z');
/** A year of them is a heavy user's. */
const STEP_MS = 30_000;
const MODELS = ['claude-opus-4-5-20251101', 'claude-sonnet-4-5-20250929', 'claude-haiku-4-5'];

/** The nth API call of a machine; ids as random as real ones, so that packing them is no easier. */
export function makeCall(machineId: string, n: number): UsageRecord {
  const mark = createHash('sha256').update(`${machineId} ${n}`).digest('base64url');
  const at = new Date(START + n * STEP_MS).toISOString();
  const message_id = `msg_01${mark.slice(0, 22)}`;
  const request_id = `req_011${mark.slice(22, 43)}`;
  const session = Math.floor(n / 200);
  return {
    v: 1,
    id: makeRecordId({
      machineId,
      source: 'claude',
      type: 'usage',
      at,
      discriminator: `${message_id}/${request_id}`,
    }),
    at,
    type: 'usage',
    source: 'claude',
    message_id,
    request_id,
    line_uuid: `0000${session.toString(16).padStart(4, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`,
    session_id: `5e55${session.toString(16).padStart(4, '0')}-0000-4000-8000-000000000000`,
    agent_id: null,
    is_sidechain: false,
    model: MODELS[session % MODELS.length]!,
    speed: null,
    input_tokens: n % 1_000,
    output_tokens: (n * 7) % 2_000,
    cache_read_tokens: (n * 131) % 150_000,
    cache_write_5m_tokens: (n * 17) % 9_000,
    cache_write_1h_tokens: 0,
    logged_cost_usd: null,
    folder: `/home/ada/src/project-${session % 12}`,
    git_branch: 'main',
    version: '2.1.197',
  };
}
