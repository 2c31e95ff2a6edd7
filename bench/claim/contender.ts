/** One queue under test: takes tasks and finishes them, each in a transaction of its own. */
export interface Contender {
  name: string;
  /** Puts `count` tasks there and tidies up after the round before; not timed. */
  fill(count: number): Promise<void>;
  /** Takes and finishes all of them with `WORKERS` connections; milliseconds of each. */
  drain(count: number): Promise<number[]>;
  close(): Promise<void>;
}

/** Connections at work at the same time, for each contender. */
export const WORKERS = 8;
