import type { AppError } from '@coffee-roadmap/shared/errors';
import type { ProjectKeyPair, TraceEventOutcome } from '@coffee-roadmap/shared/traces/queries';
import type { TraceEvent } from '@coffee-roadmap/shared/traces/trace-event';
import { TooMany } from './api-errors';
import { keyDigest } from './key-credentials';

export interface EventBatcher {
  /** Resolves when the events are stored, with what became of each. Throws TooMany when too many wait. */
  store(key: ProjectKeyPair, events: TraceEvent[]): Promise<TraceEventOutcome[]>;
}

interface Waiting {
  events: TraceEvent[];
  resolve: (stored: TraceEventOutcome[]) => void;
  reject: (error: unknown) => void;
}

/** Of one key, and at once. */
const MOST_WAITING = 50_000;
const MOST_AT_ONCE = 2_000;

/**
 * Batches of one project have to follow each other in the database. While one is on its way, those that
 * come in for the same key wait and go together: many small requests cost as much as a few large ones,
 * and one busy key holds one connection.
 */
export function createEventBatcher(
  store: (key: ProjectKeyPair, events: TraceEvent[]) => Promise<TraceEventOutcome[]>,
): EventBatcher {
  const queues = new Map<string, Waiting[]>();

  async function drain(name: string, key: ProjectKeyPair): Promise<void> {
    const queue = queues.get(name)!;
    let answer: (() => void) | undefined;
    while (queue.length > 0) {
      const next = send(key, take(queue));
      // After the next batch is on its way: the database works while we answer.
      if (answer !== undefined) setImmediate(answer);
      answer = await next;
    }
    queues.delete(name);
    answer?.();
  }

  /** Never rejects; whoever waits hears of it by what it returns. */
  async function send(key: ProjectKeyPair, together: Waiting[]): Promise<() => void> {
    try {
      const stored = await store(
        key,
        together.flatMap(({ events }) => events),
      );
      return () => {
        let at = 0;
        for (const { events, resolve } of together) {
          resolve(stored.slice(at, (at += events.length)));
        }
      };
    } catch (error) {
      // What one of them has that the database does not take is no fault of the others.
      if (together.length > 1 && (error as AppError).code !== 'not_allowed') {
        for (const one of together) (await send(key, [one]))();
        return () => undefined;
      }
      return () => together.forEach(({ reject }) => reject(error));
    }
  }

  return {
    store(key, events) {
      if (events.length === 0) return Promise.resolve([]);
      const name = keyDigest(key);
      const queue = queues.get(name);
      if (queue !== undefined && countOf(queue) > MOST_WAITING) {
        return Promise.reject(new TooMany('too much of this key waits to be stored'));
      }
      return new Promise((resolve, reject) => {
        const waiting = { events, resolve, reject };
        if (queue !== undefined) return void queue.push(waiting);
        queues.set(name, [waiting]);
        void drain(name, key);
      });
    },
  };
}

/** As many as fit, in their order; at least one. */
function take(queue: Waiting[]): Waiting[] {
  let count = 0;
  let length = 0;
  while (
    length < queue.length &&
    (length === 0 || count + queue[length]!.events.length <= MOST_AT_ONCE)
  ) {
    count += queue[length]!.events.length;
    length += 1;
  }
  return queue.splice(0, length);
}

function countOf(queue: Waiting[]): number {
  return queue.reduce((so, { events }) => so + events.length, 0);
}
