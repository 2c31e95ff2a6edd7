import { toAppError } from '../db/app-errors';
import type { RoadOutcome } from './road';

const DOCTOR = 'coffee-roadmap doctor looks for the cause.';

/** What an error that ended a run means for the choice of roads; `next`: where it has no hint of its own. */
export function outcomeOf(error: unknown, next = DOCTOR): RoadOutcome {
  const { code, message, hint } = toAppError(error);
  const reason = message.split('\n')[0]!;
  const state = code === 'not_reachable' ? 'unreachable' : 'failed';
  return { state, reason, hint: hint ?? next };
}
