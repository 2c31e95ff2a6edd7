import { Zone } from '@coffee-roadmap/shared/time/periods/zone';
import { parseMoment } from './parse-moment';

const kathmandu = Zone.of('Asia/Kathmandu');
const now = Date.parse('2026-11-21T12:00:00Z');

it.each([
  ['36h', '2026-11-20T00:00:00.000Z'],
  ['2w', '2026-11-07T12:00:00.000Z'],
  ['2026-11-01', '2026-10-31T18:15:00.000Z'],
  ['2026-11-01T09:00:00+01:00', '2026-11-01T08:00:00.000Z'],
])('reads %s', (text, moment) => {
  expect(parseMoment(text, kathmandu, now).toISOString()).toBe(moment);
});

it.each(['', 'yesterday', '2026-02-30', '2026-11-01T09:00', '3y'])('refuses %j', (text) => {
  expect(() => parseMoment(text, kathmandu, now)).toThrow('is no moment');
});
