/** Tokens and money of one call, from the many ways in which SDKs say them. */

/** Tokens by kind. `input` is what was neither read from nor written to a cache. */
export interface UsageDetails {
  input?: number;
  output?: number;
  cache_read?: number;
  cache_write_5m?: number;
  cache_write_1h?: number;
  /** Only where nothing else is known. */
  total?: number;
}

/** USD by kind; `total` is what was billed, where that was said. */
export type CostDetails = Partial<Record<keyof UsageDetails, number>>;

type Kind = keyof UsageDetails;

const KINDS: Record<Kind, string[]> = {
  input: ['input', 'input_tokens', 'prompt_tokens', 'promptTokens', 'inputTokens'],
  output: ['output', 'output_tokens', 'completion_tokens', 'completionTokens', 'outputTokens'],
  cache_read: [
    ...['cache_read', 'cache_read_input_tokens', 'input_cache_read', 'input_cached_tokens'],
    ...['cached_tokens', 'cacheReadInputTokens', 'cache_read_tokens', 'cachedInputTokens'],
  ],
  cache_write_5m: [
    ...['cache_write_5m', 'cache_creation_input_tokens', 'input_cache_creation', 'cache_creation'],
    ...['ephemeral_5m_input_tokens', 'cacheCreationInputTokens', 'cache_write_tokens'],
    ...['cache_write', 'input_cache_creation_5m'],
  ],
  cache_write_1h: ['cache_write_1h', 'ephemeral_1h_input_tokens', 'input_cache_creation_1h'],
  total: ['total', 'total_tokens', 'totalTokens'],
};

const KIND_OF = new Map(
  Object.entries(KINDS).flatMap(([kind, names]) => names.map((name) => [name, kind as Kind])),
);

/** Beyond it a number is nonsense, and sums would overflow. */
const MOST_TOKENS = 1e8;
const MOST_COST = 1e9;

/** Undefined where no kind is known. Unknown kinds are left out: their total is not known to overlap. */
export function readUsage(value: unknown): UsageDetails | undefined {
  if (value === undefined) return undefined;
  const given = flatten(value);
  const found = pick(given, MOST_TOKENS);
  for (const kind of Object.keys(found) as Kind[]) found[kind] = Math.round(found[kind]!);
  // OpenAI counts what was read from the cache among the prompt's tokens.
  const nested = given.get('cached_tokens');
  if (nested !== undefined && given.has('prompt_tokens') && (found.input ?? 0) >= nested) {
    found.input = found.input! - Math.round(nested);
  }
  const whole = given.get('cache_creation_input_tokens');
  // Anthropic gives the whole beside its parts.
  if (whole !== undefined && found.cache_write_1h !== undefined) {
    const short = given.get('ephemeral_5m_input_tokens') ?? whole - found.cache_write_1h;
    found.cache_write_5m = Math.max(0, Math.round(short));
  }
  return bothUsages(undefined, found);
}

/** USD; undefined where none was said. */
export function readCost(value: unknown): CostDetails | undefined {
  if (value === undefined) return undefined;
  const found = pick(flatten(value), MOST_COST);
  return Object.keys(found).length === 0 ? undefined : found;
}

/** Langfuse's older `usage` has both: {input, output, total, unit, inputCost, outputCost, totalCost}. */
export function readLegacyCost(value: unknown): CostDetails | undefined {
  if (value === undefined) return undefined;
  const given = flatten(value);
  return readCost({
    input: given.get('inputCost'),
    output: given.get('outputCost'),
    total: given.get('totalCost'),
  });
}

/**
 * One event may say the older form and the newer one: kind by kind, the newer counts, as Langfuse does it.
 * (What a later event says replaces what an earlier one said whole, whichever form either has.)
 */
export function both<T extends object>(older: T | undefined, newer: T | undefined): T | undefined {
  return older === undefined ? newer : { ...older, ...newer };
}

export function bothUsages(
  older: UsageDetails | undefined,
  newer: UsageDetails | undefined,
): UsageDetails | undefined {
  const { total, ...kinds } = both(older, newer) ?? {};
  if (Object.keys(kinds).length > 0) return kinds;
  return total === undefined ? undefined : { total };
}

function pick(given: Map<string, number>, most: number): Partial<Record<Kind, number>> {
  const found: Partial<Record<Kind, number>> = {};
  for (const [name, number] of given) {
    const kind = KIND_OF.get(name);
    if (kind === undefined || number < 0) continue;
    // Said twice under two names it is still one number.
    found[kind] = Math.max(found[kind] ?? 0, Math.min(number, most));
  }
  return found;
}

/** Numbers by name, those of inner objects too: {prompt_tokens_details: {cached_tokens: 3}}. */
function flatten(value: unknown): Map<string, number> {
  const flat = new Map<string, number>();
  if (value === null || typeof value !== 'object') return flat;
  for (const [name, inner] of Object.entries(value).slice(0, 100)) {
    if (typeof inner === 'number' && Number.isFinite(inner)) flat.set(name, inner);
    else if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) {
      for (const [deep, number] of Object.entries(inner as object).slice(0, 100)) {
        if (typeof number === 'number' && Number.isFinite(number) && !flat.has(deep)) {
          flat.set(deep, number);
        }
      }
    }
  }
  return flat;
}
