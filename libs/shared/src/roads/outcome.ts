import { toAppError } from '../db/app-errors';
import type { RoadOutcome } from './road';

/** What an error that ended a run means for the choice of roads. */
export function outcomeOf(error: unknown): RoadOutcome {
  const { code, message, hint } = toAppError(error);
  const reason = message.split('\n')[0]!;
  const state = code === 'not_reachable' ? 'unreachable' : 'failed';
  return { state, reason, hint: hint ?? 'coffee-roadmap doctor looks for the cause.' };
}
