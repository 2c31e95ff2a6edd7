import path from 'node:path';
import type { Paths } from '../config/paths';
import { readPrivateJson, writePrivateJson } from '../config/private-file';
import type { RoadOutcome } from './road';

/** What this machine last knew of a road on which it sends. */
export interface RoadState {
  last_try_at: string;
  last_success_at: string | null;
  /** Why the last try failed, and what to do; null: it did not. */
  problem: string | null;
  hint: string | null;
}

const fileOf = (paths: Paths): string => path.join(paths.state, 'roads.json');

export function roadStates(paths: Paths): Record<string, RoadState> {
  return readPrivateJson<Record<string, RoadState>>(fileOf(paths)) ?? {};
}

/** For `status`. A road that is not set up leaves no trace. `at` is the same for all roads of a round. */
export function noteOutcome(
  paths: Paths,
  road: string,
  outcome: RoadOutcome,
  at = new Date(),
): void {
  if (outcome.state === 'not_set_up') return;
  const all = roadStates(paths);
  const before = Object.hasOwn(all, road) ? all[road] : undefined;
  const now = at.toISOString();
  const done = outcome.state === 'done';
  writePrivateJson(fileOf(paths), {
    ...all,
    [road]: {
      last_try_at: now,
      last_success_at: done ? now : (before?.last_success_at ?? null),
      problem: done ? null : outcome.reason,
      hint: done ? null : outcome.hint,
    },
  });
}
