const MINUTE = 60_000;

/** How time is rounded for a client: not at all, or up to so many minutes, each entry, day or month. */
export type Rounding =
  { readonly per: 'none' } | { readonly per: 'entry' | 'day' | 'month'; readonly minutes: number };

export interface TimeEntry {
  /** The local day, `2026-11-21`. */
  readonly date: string;
  readonly ms: number;
}

/** Entries that are rounded as one; what was measured stays beside what is billed. */
export interface RoundedTime<E extends TimeEntry> {
  readonly entries: readonly E[];
  readonly rawMs: number;
  readonly billedMs: number;
}

/** In the order in which the groups begin. Nothing stays nothing: an entry of 0 does not become a step. */
export function roundTime<E extends TimeEntry>(
  entries: readonly E[],
  rounding: Rounding,
): RoundedTime<E>[] {
  const groups = new Map<string | number, E[]>();
  entries.forEach((entry, i) => {
    const key = groupOf(entry, i, rounding);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [entry]);
    else group.push(entry);
  });
  return [...groups.values()].map((group) => {
    const rawMs = group.reduce((sum, { ms }) => sum + ms, 0);
    const billedMs = rounding.per === 'none' ? rawMs : roundUp(rawMs, rounding.minutes);
    return { entries: group, rawMs, billedMs };
  });
}

/** The next multiple of so many minutes that is not less. */
export function roundUp(ms: number, minutes: number): number {
  const step = minutes * MINUTE;
  return Math.ceil(ms / step) * step;
}

function groupOf({ date }: TimeEntry, i: number, { per }: Rounding): string | number {
  if (per === 'day') return date;
  return per === 'month' ? date.slice(0, 7) : i;
}
