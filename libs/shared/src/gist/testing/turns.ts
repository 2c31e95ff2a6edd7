import type { Dice } from '../../transcripts/testing/dice';

/**
 * Lets one of several tasks go on at a time, whichever chance picks: each waits at its gates, so that any
 * order of their steps can come up, and the same seed gives the same order.
 */
export class Turns {
  private readonly waiting: { go: () => void }[] = [];
  private running = 0;
  private wake: () => void = () => undefined;

  constructor(private readonly dice: Dice) {}

  /** Runs a step when its turn comes; nobody else's runs meanwhile. */
  async step<T>(work: () => Promise<T>): Promise<T> {
    const turn = await new Promise<() => void>((resolve) => {
      this.waiting.push({ go: () => resolve(() => this.wake()) });
      this.wake();
    });
    try {
      return await work();
    } finally {
      turn();
    }
  }

  /** Runs all tasks to their end. */
  async run(tasks: readonly (() => Promise<void>)[]): Promise<void> {
    this.running = tasks.length;
    const all = tasks.map((task) =>
      task().finally(() => {
        this.running -= 1;
        this.wake();
      }),
    );
    while (this.running > 0) {
      // All that can come to a gate without a step has come there by then.
      if (this.waiting.length < this.running) await new Promise((resolve) => setImmediate(resolve));
      if (this.waiting.length === 0) {
        if (this.running > 0) await this.signal();
        continue;
      }
      const [next] = this.waiting.splice(this.dice.below(this.waiting.length), 1);
      const done = this.signal();
      next!.go();
      await done;
    }
    await Promise.all(all);
  }

  private signal(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }
}
