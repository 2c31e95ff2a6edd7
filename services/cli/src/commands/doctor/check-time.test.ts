import { checkTimer, checkWaiting } from './check-time';

const HOUR = 3_600_000;
const now = Date.parse('2026-11-21T20:00:00Z');
const timer = (action: 'start' | 'stop', hoursAgo: number) => ({
  timer: { issue: 'local:42', action, at: new Date(now - hoursAgo * HOUR).toISOString() },
});

it('names a timer that nobody stopped, and leaves alone what is stopped', () => {
  expect(checkTimer({}, now)).toEqual([]);
  expect(checkTimer(timer('stop', 20), now)).toEqual([]);
  expect(checkTimer(timer('start', 3), now)).toMatchObject([{ state: 'ok' }]);
  expect(checkTimer(timer('start', 13), now)).toMatchObject([
    { state: 'warn', message: expect.stringContaining('local:42') as string },
  ]);
});

it('names lines of hooks that nobody collects', () => {
  expect(checkWaiting(undefined, now)).toEqual([]);
  expect(checkWaiting({ bytes: 9, since: now - 23 * HOUR }, now)).toEqual([]);
  expect(checkWaiting({ bytes: 9, since: now - 50 * HOUR }, now)).toMatchObject([
    { check: 'hooks', state: 'warn', message: expect.stringContaining('50 h') as string },
  ]);
});
