/** Half-open, milliseconds since the epoch, `from` < `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A credited time: a person's own (focus, timer, log: exclusive) or an agent's (additive). */
export interface Interval extends Span {
  readonly by: 'focus' | 'timer' | 'log' | 'agent';
  /** Null: unassigned, which is shown and never dropped. */
  readonly stream: string | null;
  /** `provider:id` where a person named one. */
  readonly issue: string | null;
  readonly machine: string;
  /** The agent's session; null for a person's own time. */
  readonly session: string | null;
}

/** By time, then by what they are: a list of intervals has one order. */
export function compareIntervals(a: Interval, b: Interval): number {
  return a.from - b.from || a.to - b.to || (keyOf(a) < keyOf(b) ? -1 : 1);
}

/** Equal for intervals that differ in nothing but time. */
export function keyOf({ by, stream, issue, machine, session }: Interval): string {
  return JSON.stringify([by, stream, issue, machine, session]);
}
