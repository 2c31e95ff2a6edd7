const INSTANT =
  /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(?:[.,](\d{1,9}))?\s*(Z|[+-]\d\d:?\d\d)?$/i;

/**
 * A time as older systems wrote it, as UTC with milliseconds and a Z. One without a zone is UTC.
 * Undefined for what is no time.
 */
export function readInstant(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  const [, day, time, fraction = '', zone = 'Z'] = INSTANT.exec(value.trim()) ?? [];
  if (day === undefined) return undefined;
  const at = new Date(
    `${day}T${time!.padEnd(8, ':00')}.${fraction.padEnd(3, '0').slice(0, 3)}${zone}`,
  );
  return Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
