const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** '350ms', '42s', '5m 12s', '37h 5m': what has passed in full, hours without end. */
export function formatDuration(ms: number): string {
  if (ms < 0) return `-${formatDuration(-ms)}`;
  if (ms < SECOND) return `${Math.floor(ms)}ms`;
  if (ms < MINUTE) return `${Math.floor(ms / SECOND)}s`;
  const minutes = Math.floor(ms / MINUTE);
  if (ms < HOUR) return `${minutes}m ${Math.floor((ms % MINUTE) / SECOND)}s`;
  return formatHours(ms);
}

/** '0h 5m', '37h 5m': for sums of working time, where seconds are noise. */
export function formatHours(ms: number): string {
  if (ms < 0) return `-${formatHours(-ms)}`;
  return `${Math.floor(ms / HOUR)}h ${Math.floor((ms % HOUR) / MINUTE)}m`;
}
