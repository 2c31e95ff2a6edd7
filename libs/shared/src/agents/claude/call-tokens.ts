import { NO_TOKENS, type CallTokens } from '../trace';
import type { TokenCounts } from './messages';

/**
 * Tokens by kind; what is not said now stays as it was. A cache write without its parts is one of five
 * minutes, which is the default.
 */
export function callTokens(counts: TokenCounts, before: CallTokens = NO_TOKENS): CallTokens {
  const short = tokenCount(counts.cache_creation?.ephemeral_5m_input_tokens);
  const long = tokenCount(counts.cache_creation?.ephemeral_1h_input_tokens);
  const written = tokenCount(counts.cache_creation_input_tokens);
  const parts = (short ?? 0) + (long ?? 0);
  return {
    input: tokenCount(counts.input_tokens) ?? before.input,
    output: tokenCount(counts.output_tokens) ?? before.output,
    cacheRead: tokenCount(counts.cache_read_input_tokens) ?? before.cacheRead,
    cacheWrite5m:
      (parts > 0 ? short : undefined) ?? (parts > 0 ? 0 : written) ?? before.cacheWrite5m,
    cacheWrite1h: (parts > 0 ? long : undefined) ?? before.cacheWrite1h,
  };
}

/** Whole; undefined for what is no count. */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? Math.round(value)
    : undefined;
}
