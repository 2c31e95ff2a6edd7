import { toAppError } from '../db/app-errors';
import { persist } from '../tasks/persist';
import type { Journal } from './journal';
import type { TraceEvent } from './trace-event';

/** Writes events in the background, in their order, and keeps them until the database has them. */
export interface Outbox {
  /** Returns at once; what is added is on disk then. */
  add(events: TraceEvent[]): void;
  /** Resolves when all so far is stored. */
  flush(): Promise<void>;
}

const MOST_AT_ONCE = 500;

/**
 * `store` may see an event twice, after a kill or a lost answer. What it refuses (an error other than
 * `not_reachable`) is told and put aside: among the rest it would stand in the way of all that follows.
 */
export function createOutbox(options: {
  journal: Journal;
  /** Where what is refused stays, for a person to look at. */
  refused: Journal;
  store: (events: TraceEvent[]) => Promise<unknown>;
  signal: AbortSignal;
  onError: (error: Error) => void;
}): Outbox {
  const { journal, store, signal } = options;
  let waiting: TraceEvent[] = journal.read();
  let draining: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST_AT_ONCE);
      try {
        await persist(() => store(batch), signal);
      } catch (error) {
        // The journal keeps it for whoever goes on.
        if (signal.aborted) return;
        options.refused.append(batch);
        options.onError(toAppError(error));
      }
      waiting = waiting.slice(batch.length);
      if (waiting.length === 0) journal.clear();
    }
  }

  function start(): void {
    draining ??= drain().finally(() => {
      draining = undefined;
      if (waiting.length > 0 && !signal.aborted) start();
    });
  }

  if (waiting.length > 0) start();
  return {
    add(events) {
      if (events.length === 0) return;
      journal.append(events);
      waiting = [...waiting, ...events];
      start();
    },
    async flush() {
      while (draining !== undefined) await draining;
    },
  };
}
