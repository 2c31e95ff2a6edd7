/** By what `usage` adds up; the first is what a bare `usage` does. */
export const GROUPINGS = [
  'daily',
  'weekly',
  'monthly',
  'session',
  'project',
  'model',
  'machine',
  'branch',
] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** What a row is called in JSON: `{date: …}`, `{week: …}`. */
export const KEY_OF: Record<Grouping, string> = {
  daily: 'date',
  weekly: 'week',
  monthly: 'month',
  session: 'session_id',
  project: 'project',
  model: 'model',
  machine: 'machine_id',
  branch: 'branch',
};

export interface UsageFilter {
  /** The first day, YYYY-MM-DD, in `timezone`. */
  since?: string | undefined;
  /** The last day, which is included. */
  until?: string | undefined;
  /** Any IANA zone. */
  timezone: string;
  /** A folder, or the last part of one. */
  project?: string | undefined;
}

/** Tokens are counts, cost is nano-USD; of calls without a price nothing is in it. */
export interface UsageSums {
  calls: number;
  input_tokens: number;
  output_tokens: number;
  cache_creation_tokens: number;
  cache_read_tokens: number;
  cost_nanos: bigint;
  unpriced_calls: number;
}

/** The sums of one group and model. */
export interface UsagePart extends UsageSums {
  key: string;
  model: string;
  /** Of a machine, its label; of a session, its folder. */
  label: string | null;
  last_at: Date | null;
}

export interface UsageRow extends UsageSums {
  key: string;
  label: string | null;
  last_at: Date | null;
  /** By cost and then by tokens, the largest first. */
  models: UsagePart[];
}

const NOTHING: UsageSums = {
  calls: 0,
  input_tokens: 0,
  output_tokens: 0,
  cache_creation_tokens: 0,
  cache_read_tokens: 0,
  cost_nanos: 0n,
  unpriced_calls: 0,
};

export function totalOf(parts: readonly UsageSums[]): UsageSums {
  return parts.reduce<UsageSums>(
    (sum, part) => ({
      calls: sum.calls + part.calls,
      input_tokens: sum.input_tokens + part.input_tokens,
      output_tokens: sum.output_tokens + part.output_tokens,
      cache_creation_tokens: sum.cache_creation_tokens + part.cache_creation_tokens,
      cache_read_tokens: sum.cache_read_tokens + part.cache_read_tokens,
      cost_nanos: sum.cost_nanos + part.cost_nanos,
      unpriced_calls: sum.unpriced_calls + part.unpriced_calls,
    }),
    NOTHING,
  );
}

export const tokensOf = (sums: UsageSums): number =>
  sums.input_tokens + sums.output_tokens + sums.cache_creation_tokens + sums.cache_read_tokens;

/** Groups of parts that share a key, in the order in which the keys first come. */
export function rowsOf(parts: readonly UsagePart[]): UsageRow[] {
  const groups = new Map<string, UsagePart[]>();
  for (const part of parts) groups.set(part.key, [...(groups.get(part.key) ?? []), part]);
  return [...groups].map(([key, models]) => ({
    key,
    label: models.find(({ label }) => label !== null)?.label ?? null,
    last_at: latest(models),
    ...totalOf(models),
    models: [...models].sort(
      (a, b) => compare(b.cost_nanos, a.cost_nanos) || compare(tokensOf(b), tokensOf(a)),
    ),
  }));
}

const compare = <T extends bigint | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

function latest(parts: readonly UsagePart[]): Date | null {
  const times = parts.flatMap(({ last_at }) => (last_at === null ? [] : [last_at.getTime()]));
  return times.length === 0 ? null : new Date(Math.max(...times));
}
