import { makeRecordId } from '@coffee-roadmap/shared/records/record-id';
import type { UsageRecord } from '@coffee-roadmap/shared/records/record';
import { throwDice } from '@coffee-roadmap/shared/transcripts/testing/dice';

const MODELS = ['claude-opus-4-5-20251101', 'claude-sonnet-4-5-20250929', 'claude-haiku-4-5'];
const START = Date.UTC(2026, 0, 5);
const CALLS_A_SESSION = 60;

/** Calls as a collector hands them in: session after session, each in one folder, seconds apart. */
export function makeUsage(
  machineId: string,
  name: string,
  records: number,
  { start, days } = { start: START, days: 90 },
): UsageRecord[] {
  const dice = throwDice(name.length + records);
  let session = { id: '', folder: '', model: '', clock: 0 };
  return Array.from({ length: records }, (_, n) => {
    if (n % CALLS_A_SESSION === 0)
      session = {
        id: dice.uuid(),
        folder: `/home/ada/src/project-${dice.below(8)}`,
        model: dice.pick(MODELS),
        clock: start + dice.below(days * 86_400_000),
      };
    session.clock += 1_000 + dice.below(40_000);
    const at = new Date(session.clock).toISOString();
    const message = `msg_${name}_${n}_${dice.hex(12)}`;
    const request = `req_${dice.hex(20)}`;
    return {
      v: 1,
      id: makeRecordId({
        machineId,
        source: 'claude',
        type: 'usage',
        at,
        discriminator: `${message}/${request}`,
      }),
      at,
      type: 'usage',
      source: 'claude',
      message_id: message,
      request_id: request,
      line_uuid: dice.uuid(),
      session_id: session.id,
      agent_id: null,
      is_sidechain: false,
      model: session.model,
      speed: null,
      input_tokens: dice.below(50),
      output_tokens: 10 + dice.below(2_000),
      cache_read_tokens: dice.below(150_000),
      cache_write_5m_tokens: dice.below(9_000),
      cache_write_1h_tokens: 0,
      logged_cost_usd: null,
      folder: session.folder,
      git_branch: 'main',
      version: '2.1.197',
    };
  });
}
