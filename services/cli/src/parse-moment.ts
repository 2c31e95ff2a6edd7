import { AppError } from '@coffee-roadmap/shared/errors';
import type { Zone } from '@coffee-roadmap/shared/time/periods/zone';

const UNITS: Record<string, number> = { m: 60, h: 3600, d: 86_400, w: 604_800 };

/** `30d` before now, a day (from its beginning in the zone) or an ISO time. Throws `invalid_input`. */
export function parseMoment(text: string, zone: Zone, now = Date.now()): Date {
  const ago = /^(\d{1,5})([mhdw])$/.exec(text);
  if (ago) return new Date(now - Number(ago[1]) * UNITS[ago[2]!]! * 1000);
  const isDay = /^\d{4}-\d{2}-\d{2}$/.test(text);
  const at = Date.parse(text);
  if (isDay && at === at && new Date(at).toISOString().startsWith(text)) {
    return new Date(zone.startOfDay(text));
  }
  if (!isDay && at === at && /^\d{4}-\d{2}-\d{2}T.*(Z|[+-]\d{2}:?\d{2})$/.test(text)) {
    return new Date(at);
  }
  throw new AppError('invalid_input', `"${text}" is no moment`, {
    hint: 'Write 30d, 12h, 2026-11-01 or 2026-11-01T09:00:00Z.',
  });
}
