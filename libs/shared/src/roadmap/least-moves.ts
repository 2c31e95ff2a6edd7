/** Takes one item from its place and puts it before another; null: to the end. */
export interface Move {
  number: string;
  before: string | null;
}

/**
 * The fewest moves that bring `present` into the order of `wanted`, to be done one after the other.
 * Both hold the same numbers, each once.
 */
export function leastMoves(present: readonly string[], wanted: readonly string[]): Move[] {
  const places = new Map(present.map((number, place) => [number, place]));
  const stay = longestIncreasing(wanted.map((number) => places.get(number) ?? -1));
  const moves: Move[] = [];
  for (let i = wanted.length - 1; i >= 0; i--) {
    const number = wanted[i];
    if (number === undefined || stay.has(i)) continue;
    moves.push({ number, before: wanted[i + 1] ?? null });
  }
  return moves;
}

/** Indexes of a longest increasing subsequence: what can stay where it is. */
function longestIncreasing(values: readonly number[]): Set<number> {
  const tails: number[] = [];
  const previous: (number | undefined)[] = [];
  values.forEach((value, i) => {
    let low = 0;
    let high = tails.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (values[tails[middle]!]! < value) low = middle + 1;
      else high = middle;
    }
    previous[i] = tails[low - 1];
    tails[low] = i;
  });
  const found = new Set<number>();
  for (let i = tails.at(-1); i !== undefined; i = previous[i]) found.add(i);
  return found;
}
