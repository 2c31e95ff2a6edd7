import type { Dice } from './dice';

/** Shares, 0 to 1, of what real logs hold now and then. */
export interface Quirks {
  noMessageId: number;
  /** As gateways of other providers write. */
  noRequestId: number;
  /** The older flat number of cache writes alone. */
  flatCache: number;
  fast: number;
  synthetic: number;
  loggedCost: number;
  /** Lines that are no records: other types, broken JSON, blanks. */
  oddLines: number;
  /** Lines that a reader has to refuse: wrong version, time, or nulls where none belong. */
  invalidLines: number;
  /** Files that end amid a line. */
  tornEnd: number;
}

export const PLAIN: Quirks = {
  noMessageId: 0,
  noRequestId: 0,
  flatCache: 0,
  fast: 0,
  synthetic: 0,
  loggedCost: 0,
  oddLines: 0.02,
  invalidLines: 0,
  tornEnd: 0,
};

export const QUIRKY: Quirks = {
  noMessageId: 0.03,
  noRequestId: 0.1,
  flatCache: 0.3,
  fast: 0.1,
  synthetic: 0.03,
  loggedCost: 0.05,
  oddLines: 0.1,
  invalidLines: 0.05,
  tornEnd: 0.3,
};

/** The usage of one API message, as Anthropic's API gives it. */
export function makeUsage(
  dice: Dice,
  quirks: Quirks,
): Record<string, unknown> & { output_tokens: number } {
  const [short, long] = [dice.below(9_000), dice.chance(0.3) ? dice.below(4_000) : 0];
  const split = {
    cache_creation: { ephemeral_5m_input_tokens: short, ephemeral_1h_input_tokens: long },
  };
  return {
    input_tokens: dice.below(50),
    cache_creation_input_tokens: short + long,
    cache_read_input_tokens: dice.below(150_000),
    ...(dice.chance(quirks.flatCache) ? {} : split),
    output_tokens: 10 + dice.below(2_000),
    service_tier: 'standard',
    ...(dice.chance(quirks.fast) ? { speed: 'fast' } : {}),
  };
}
