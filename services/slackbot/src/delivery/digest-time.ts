/** Hours after the chosen one in which a digest that was missed is still sent. */
const LATE_HOURS = 4;

/** The local day (2026-01-31) whose digest is due at this moment; undefined when none is. */
export function digestDue(now: Date, hour: number | null, timeZone: string): string | undefined {
  if (hour === null) return undefined;
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(now);
  const part = (type: string): string => parts.find((p) => p.type === type)?.value ?? '';
  const late = Number(part('hour')) - hour;
  if (late < 0 || late >= LATE_HOURS) return undefined;
  return `${part('year')}-${part('month')}-${part('day')}`;
}
