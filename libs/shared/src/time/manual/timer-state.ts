import path from 'node:path';
import { ensurePrivateFolder, type Paths } from '../../config/paths';
import { readPrivateJson, writePrivateJson } from '../../config/private-file';
import type { Span } from '../intervals/interval';

/** What was last said by hand on this machine. It is a memory for the next command: the records count. */
export interface TimerState {
  /** The timer that was moved last. */
  timer?: { issue: string; action: 'start' | 'pause' | 'resume' | 'stop'; at: string };
  /** The latest logs, so that the next one does not cover them. Milliseconds since the epoch. */
  logs?: Span[];
}

const MOST_LOGS = 50;
const fileOf = ({ state }: Paths): string => path.join(state, 'timer.json');

export function readTimerState(paths: Paths): TimerState {
  return readPrivateJson<TimerState>(fileOf(paths)) ?? {};
}

export function writeTimerState(paths: Paths, state: TimerState): void {
  ensurePrivateFolder(paths.state);
  writePrivateJson(fileOf(paths), { ...state, logs: (state.logs ?? []).slice(-MOST_LOGS) });
}
