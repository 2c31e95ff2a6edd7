import { formatDuration, formatHours } from './duration';

it.each([
  [0, '0ms'],
  [999.9, '999ms'],
  [1000, '1s'],
  [59_999, '59s'],
  [60_000, '1m 0s'],
  [312_000, '5m 12s'],
  [3_599_999, '59m 59s'],
  [3_600_000, '1h 0m'],
  [133_500_000, '37h 5m'],
  [-42_000, '-42s'],
])('%d ms are %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

it('sums hours without seconds', () => {
  expect(formatHours(59_999)).toBe('0h 0m');
  expect(formatHours(133_500_000)).toBe('37h 5m');
  expect(formatHours(-3_600_000)).toBe('-1h 0m');
});
