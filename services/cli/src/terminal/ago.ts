const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Clocks of two machines differ by as much without anything being wrong. */
const NOW = 5 * SECOND;
/** Longer ago a date says more. */
const LONG = 30 * DAY;

function amountOf(ms: number): string {
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)} s`;
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return `${Math.floor(ms / HOUR)} h`;
  const days = Math.floor(ms / DAY);
  return days === 1 ? '1 day' : `${days} days`;
}

/** 'now', '42 s ago', '3 min ago', 'in 5 h', '2 days ago'; beyond 30 days the UTC date. */
export function ago(at: Date, now: Date): string {
  const ms = now.getTime() - at.getTime();
  const distance = Math.abs(ms);
  if (distance < NOW) return 'now';
  if (distance >= LONG) return at.toISOString().slice(0, 10);
  return ms > 0 ? `${amountOf(distance)} ago` : `in ${amountOf(distance)}`;
}
