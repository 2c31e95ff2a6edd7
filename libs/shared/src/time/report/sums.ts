import type { Interval } from '../intervals/interval';
import type { Times } from './report';

export const NO_TIME: Times = { directMs: 0, delegatedMs: 0 };

/** Sums by key, a person's and agents' apart; an interval may have several keys, or none. */
export class Sums<K> {
  private readonly sums = new Map<K, { directMs: number; delegatedMs: number }>();

  add(key: K, { by, from, to }: Interval): void {
    const times = this.sums.get(key) ?? { ...NO_TIME };
    if (by === 'agent') times.delegatedMs += to - from;
    else times.directMs += to - from;
    this.sums.set(key, times);
  }

  of(key: K): Times {
    return this.sums.get(key) ?? NO_TIME;
  }

  /** The longest first, then by name. */
  lines<L extends Times>(lineOf: (key: K, times: Times) => L, nameOf: (line: L) => string): L[] {
    return [...this.sums]
      .map(([key, times]) => lineOf(key, times))
      .sort((a, b) => total(b) - total(a) || compareText(nameOf(a), nameOf(b)));
  }
}

export function total({ directMs, delegatedMs }: Times): number {
  return directMs + delegatedMs;
}

export function addTimes(list: Iterable<Times>): Times {
  const sum = { ...NO_TIME };
  for (const { directMs, delegatedMs } of list) {
    sum.directMs += directMs;
    sum.delegatedMs += delegatedMs;
  }
  return sum;
}

/** Not by locale: the same report is the same everywhere. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
