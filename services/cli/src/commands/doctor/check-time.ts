import type { Config } from '@coffee-roadmap/shared/config/config';
import { findWaiting, type WaitingLines } from '@coffee-roadmap/shared/time/hooks/collect-hooks';
import { readTimerState, type TimerState } from '@coffee-roadmap/shared/time/manual/timer-state';
import type { Finding } from './finding';

const TIMER_LIMIT_MS = 12 * 3_600_000;
/** The service and every commit hand over what hooks recorded, sooner than this. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** Timers that nobody stopped, and lines of hooks that nobody takes. */
export function checkTime({ paths }: Config, now: number): Finding[] {
  return [...checkTimer(readTimerState(paths), now), ...checkWaiting(findWaiting(paths), now)];
}

/** Lines of hooks that wait: a collector that does not run, or a hand-over whose program has moved. */
export function checkWaiting(waiting: WaitingLines | undefined, now: number): Finding[] {
  if (waiting === undefined || now - waiting.since < LONGEST_WAIT_MS) return [];
  const hours = Math.floor((now - waiting.since) / 3_600_000);
  return [
    {
      check: 'hooks',
      state: 'warn',
      message: `what hooks recorded waits for ${hours} h to be collected`,
      hint: 'coffee-roadmap collect; coffee-roadmap service install does it by itself.',
    },
  ];
}

export function checkTimer({ timer }: TimerState, now: number): Finding[] {
  if (timer === undefined || !['start', 'resume'].includes(timer.action)) return [];
  const hours = Math.floor((now - Date.parse(timer.at)) / 3_600_000);
  const said = { check: 'timer', message: `${timer.issue} runs since ${hours} h` };
  if (now - Date.parse(timer.at) < TIMER_LIMIT_MS) return [{ ...said, state: 'ok' }];
  return [
    {
      ...said,
      state: 'warn',
      message: `nobody stopped ${timer.issue}; its time ended after 12 h`,
      hint: `coffee-roadmap stop ${timer.issue}, then log what is missing`,
    },
  ];
}
