import type { UsageRecord } from '../record';

export const MACHINE = '6f9619ff-8b86-4d01-b42d-00cf4fc964ff';
export const AT = '2026-02-03T04:05:06.789Z';

/** One with a value in every field that the main chain of a session has. */
export const USAGE: UsageRecord = {
  v: 1,
  id: `${MACHINE}:claude:usage:${AT}:msg_1/req_1`,
  at: AT,
  type: 'usage',
  source: 'claude',
  message_id: 'msg_1',
  request_id: 'req_1',
  line_uuid: null,
  session_id: 's-1',
  agent_id: null,
  is_sidechain: false,
  model: 'claude-opus-4-5',
  speed: null,
  input_tokens: 1,
  output_tokens: 2,
  cache_read_tokens: 3,
  cache_write_5m_tokens: 4,
  cache_write_1h_tokens: 5,
  logged_cost_usd: '0.0125',
  folder: '/home/ada/src',
  git_branch: 'main',
  version: '2.1.197',
};
