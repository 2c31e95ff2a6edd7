const DAY_MS = 86_400_000;
const utc = (day) => Date.parse(`${day}T00:00:00Z`);
const dayOf = (ms) => new Date(ms).toISOString().slice(0, 10);

/** UTC, as all days of phrases. */
export const today = () => dayOf(Date.now());

const weekday = (day) => new Date(utc(day)).getUTCDay() || 7;
export const mondayOf = (day) => dayOf(utc(day) - (weekday(day) - 1) * DAY_MS);

/** ISO 8601, `W47 2026`: the year is that of the week's Thursday. */
export function weekName(day) {
  const thursday = utc(day) + (4 - weekday(day)) * DAY_MS;
  const year = new Date(thursday).getUTCFullYear();
  return `W${Math.floor((thursday - Date.UTC(year, 0, 1)) / (7 * DAY_MS)) + 1} ${year}`;
}

/** The last `span` days (0: from `first` on) until today, those without counts too. */
export function fillDays(history, first, span) {
  const entries = new Map(history.map((entry) => [entry.day, entry]));
  const end = Math.max(utc(today()), ...history.map(({ day }) => utc(day)));
  const begin = span === 0 ? utc(first) : Math.max(utc(first), end - (span - 1) * DAY_MS);
  const filled = [];
  for (let at = Math.min(begin, end - 6 * DAY_MS); at <= end; at += DAY_MS)
    filled.push(entries.get(dayOf(at)) ?? { day: dayOf(at) });
  return filled;
}

/** Sums by ISO week; `day` is its Monday. */
export function byWeek(days) {
  const weeks = new Map();
  for (const entry of days) {
    const monday = mondayOf(entry.day);
    const week = weeks.get(monday) ?? { day: monday, week: weekName(entry.day) };
    for (const [name, n] of Object.entries(entry))
      if (name !== 'day') week[name] = (week[name] ?? 0) + n;
    weeks.set(monday, week);
  }
  return [...weeks.values()];
}
