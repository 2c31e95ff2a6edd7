/** Seeded chance: the same seed throws the same numbers on every machine. */
export interface Dice {
  /** From 0 up to, but not, 1. */
  next(): number;
  /** Whole, from 0 up to, but not, `below`. */
  below(below: number): number;
  /** True in `share` of the cases. */
  chance(share: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** `length` lower-case hexadecimal digits. */
  hex(length: number): string;
  uuid(): string;
}

// A test's globals are looked up slowly, and this is asked for millions of times.
const { floor, imul } = Math;

/** Mulberry32: short, even enough, and the same everywhere. */
export function throwDice(seed: number): Dice {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = imul(t ^ (t >>> 15), t | 1);
    t ^= t + imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number): number => floor(next() * limit);
  const hex = (length: number): string => {
    let text = '';
    while (text.length < length) text += below(0x1000000).toString(16).padStart(6, '0');
    return text.slice(0, length);
  };
  return {
    next,
    below,
    chance: (share) => next() < share,
    pick: (from) => from[below(from.length)]!,
    hex,
    uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`,
  };
}
