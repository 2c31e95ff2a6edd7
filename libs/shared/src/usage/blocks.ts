import type { TimedCall } from './queries';

const HOUR = 3_600_000;
export const BLOCK_MS = 5 * HOUR;

/** A five-hour window in which use counts together, as Claude's plans have it. */
export interface Block {
  /** The full hour UTC of its first call. */
  startedAt: Date;
  endsAt: Date;
  calls: TimedCall[];
}

/**
 * Calls, oldest first, in blocks: the first call behind the end of a block begins the next. Five hours
 * without a call always end one.
 */
export function blocksOf(calls: readonly TimedCall[]): Block[] {
  const blocks: Block[] = [];
  for (const call of calls) {
    const last = blocks.at(-1);
    const at = call.at.getTime();
    if (last !== undefined && at < last.endsAt.getTime()) {
      last.calls.push(call);
      continue;
    }
    const startedAt = new Date(Math.floor(at / HOUR) * HOUR);
    blocks.push({ startedAt, endsAt: new Date(startedAt.getTime() + BLOCK_MS), calls: [call] });
  }
  return blocks;
}

/**
 * Whether blocks of these calls, oldest first and all there are since then, begin where they would with
 * all earlier calls too: a pause of five hours begins a new block whatever was before it.
 */
export function holdsPause(calls: readonly TimedCall[], since: Date): boolean {
  return calls.some(({ at }, i) => +at - +(calls[i - 1]?.at ?? since) >= BLOCK_MS);
}

/** The last block, if it is not over. */
export function openBlockOf(calls: readonly TimedCall[], now: Date): Block | undefined {
  const block = blocksOf(calls).at(-1);
  return block !== undefined && now < block.endsAt ? block : undefined;
}

export interface BlockFigures {
  calls: number;
  tokens: number;
  cost_nanos: bigint;
  unpriced_calls: number;
  /** Over the time from the first call to the last; 0 for a single call. */
  tokens_per_minute: number;
  cost_nanos_per_hour: bigint;
  /** At its end, if it goes on like that. */
  projected_tokens: number;
  projected_cost_nanos: bigint;
  minutes_left: number;
  models: string[];
}

/** What a block that is still open has used, how fast, and where that leads. */
export function figuresOf({ calls, endsAt }: Block, now: Date): BlockFigures {
  const tokens = calls.reduce((sum, call) => sum + call.tokens, 0);
  const cost = calls.reduce((sum, call) => sum + (call.cost_nanos ?? 0n), 0n);
  const spanMs = calls.at(-1)!.at.getTime() - calls[0]!.at.getTime();
  const leftMs = Math.max(0, endsAt.getTime() - now.getTime());
  const perMs = spanMs > 0 ? tokens / spanMs : 0;
  const costIn = (ms: number): bigint =>
    spanMs > 0 ? (cost * BigInt(Math.round(ms))) / BigInt(spanMs) : 0n;
  return {
    calls: calls.length,
    tokens,
    cost_nanos: cost,
    unpriced_calls: calls.filter(({ cost_nanos }) => cost_nanos === null).length,
    tokens_per_minute: perMs * 60_000,
    cost_nanos_per_hour: costIn(HOUR),
    projected_tokens: Math.round(tokens + perMs * leftMs),
    projected_cost_nanos: cost + costIn(leftMs),
    minutes_left: Math.floor(leftMs / 60_000),
    models: [...new Set(calls.map(({ model }) => model))].sort(),
  };
}
