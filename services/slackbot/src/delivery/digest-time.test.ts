import { digestDue } from './digest-time';

it.each([
  ['2026-03-01T08:59:00Z', 'UTC', undefined],
  ['2026-03-01T09:00:00Z', 'UTC', '2026-03-01'],
  ['2026-03-01T12:59:00Z', 'UTC', '2026-03-01'],
  ['2026-03-01T13:00:00Z', 'UTC', undefined],
  ['2026-03-01T23:30:00Z', 'Asia/Kolkata', undefined],
  ['2026-03-01T03:30:00Z', 'Asia/Kolkata', '2026-03-01'],
  ['2026-03-01T20:00:00Z', 'Pacific/Auckland', '2026-03-02'],
])('at %s in %s: %s', (now, timeZone, day) => {
  expect(digestDue(new Date(now), 9, timeZone)).toBe(day);
});

it('is never due when it is off', () => {
  expect(digestDue(new Date(), null, 'UTC')).toBeUndefined();
});
