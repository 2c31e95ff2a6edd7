import { blocksOf, figuresOf, holdsPause, openBlockOf } from './blocks';
import type { TimedCall } from './queries';

const at = (time: string): Date => new Date(`2026-05-01T${time}Z`);
const call = (time: string, change: Partial<TimedCall> = {}): TimedCall => ({
  at: at(time),
  model: 'claude-opus-4-5',
  tokens: 600,
  input_tokens: 500,
  output_tokens: 100,
  cost_nanos: 1_500_000_000n,
  ...change,
});
const shape = (calls: TimedCall[]) =>
  blocksOf(calls).map(({ startedAt, endsAt, calls: within }) => [
    startedAt.toISOString().slice(11, 16),
    endsAt.toISOString().slice(11, 16),
    within.length,
  ]);

it('begins a block at the full hour of its first call, and the next with the first call behind it', () => {
  expect(shape([])).toEqual([]);
  expect(shape([call('01:59:59'), call('05:59:59'), call('06:00:00')])).toEqual([
    ['01:00', '06:00', 2],
    ['06:00', '11:00', 1],
  ]);
  expect(shape([call('01:00:00'), call('09:30:00'), call('09:45:00')])).toEqual([
    ['01:00', '06:00', 1],
    ['09:00', '14:00', 2],
  ]);
});

it('knows when an earlier call could have moved a block', () => {
  const busy = [call('04:10:00'), call('08:50:00'), call('12:30:00')];
  expect(shape(busy).at(-1)).toEqual(['12:00', '17:00', 1]);
  expect(shape([call('00:30:00'), ...busy]).at(-1)).toEqual(['08:00', '13:00', 2]);
  expect(holdsPause(busy, at('00:00:00'))).toBe(false);
  expect(holdsPause(busy, new Date(+at('04:10:00') - 5 * 3_600_000))).toBe(true);
  expect(holdsPause([...busy, call('17:30:00')], at('00:00:00'))).toBe(true);
});

it('is open until its end', () => {
  const calls = [call('01:30:00'), call('02:00:00')];
  expect(openBlockOf(calls, at('05:59:59'))?.calls).toEqual(calls);
  expect(openBlockOf(calls, at('06:00:00'))).toBeUndefined();
  expect(openBlockOf([], at('06:00:00'))).toBeUndefined();
});

it('says how fast a block is used, and where that leads at its end', () => {
  const [block] = blocksOf([
    call('01:00:00'),
    call('01:30:00', { model: 'claude-haiku-4-5', cost_nanos: null }),
    call('02:00:00'),
  ]);
  // 1,800 tokens and 3 USD in an hour; at 04:00 two hours are left.
  expect(figuresOf(block!, at('04:00:00'))).toEqual({
    calls: 3,
    tokens: 1_800,
    cost_nanos: 3_000_000_000n,
    unpriced_calls: 1,
    tokens_per_minute: 30,
    cost_nanos_per_hour: 3_000_000_000n,
    projected_tokens: 1_800 + 2 * 1_800,
    projected_cost_nanos: 9_000_000_000n,
    minutes_left: 120,
    models: ['claude-haiku-4-5', 'claude-opus-4-5'],
  });
});

it('projects nothing from a single call, and nothing behind the end', () => {
  const [single] = blocksOf([call('01:00:00')]);
  expect(figuresOf(single!, at('02:00:00'))).toMatchObject({
    tokens_per_minute: 0,
    cost_nanos_per_hour: 0n,
    projected_tokens: 600,
    projected_cost_nanos: 1_500_000_000n,
    minutes_left: 240,
  });
  const [over] = blocksOf([call('01:00:00'), call('02:00:00')]);
  expect(figuresOf(over!, at('09:00:00'))).toMatchObject({
    minutes_left: 0,
    projected_tokens: 1_200,
  });
});
