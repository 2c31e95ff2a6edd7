import { parseLine } from '@coffee-roadmap/shared/records/parse-line';
import type { UsageRecord } from '@coffee-roadmap/shared/records/record';

export interface Tokens {
  input: number;
  output: number;
  cacheCreation: number;
  cacheRead: number;
}

/** Each message once, with its largest numbers, as ccusage counts them in a tree without oddities. */
export function tokensOfSpool(text: string): Tokens {
  const best = new Map<string, UsageRecord>();
  for (const line of text.split('\n').slice(0, -1)) {
    if (!line.includes('"type":"usage"')) continue;
    const parsed = parseLine(line);
    if (parsed.kind !== 'record' || parsed.record.type !== 'usage') continue;
    const { record } = parsed;
    const key = `${record.message_id}/${record.request_id}`;
    const known = best.get(key);
    if (known === undefined || record.output_tokens > known.output_tokens) best.set(key, record);
  }
  const tokens: Tokens = { input: 0, output: 0, cacheCreation: 0, cacheRead: 0 };
  for (const record of best.values()) {
    tokens.input += record.input_tokens;
    tokens.output += record.output_tokens;
    tokens.cacheCreation += record.cache_write_5m_tokens + record.cache_write_1h_tokens;
    tokens.cacheRead += record.cache_read_tokens;
  }
  return tokens;
}

export function tokensOfCcusage(text: string): Tokens {
  const { totals } = JSON.parse(text) as {
    totals: Record<
      'inputTokens' | 'outputTokens' | 'cacheCreationTokens' | 'cacheReadTokens',
      number
    >;
  };
  return {
    input: totals.inputTokens,
    output: totals.outputTokens,
    cacheCreation: totals.cacheCreationTokens,
    cacheRead: totals.cacheReadTokens,
  };
}
