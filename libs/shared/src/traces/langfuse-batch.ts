import type { TraceContent } from './content';
import { Refusal } from './event-fields';
import { readEvent } from './read-event';
import type { TraceEvent } from './trace-event';

/** What became of the items of a batch, in their order. */
export interface ReadBatch {
  events: TraceEvent[];
  /** Accepted, with nothing to keep. */
  ignored: string[];
  refused: RefusedItem[];
}

export interface RefusedItem {
  /** The item's own id where it has one, so that the sender can tell which it was. */
  id: string;
  reason: string;
}

/** More than this in one request is no batch of an SDK. */
export const MOST_ITEMS = 10_000;

/**
 * Reads the body of `POST /api/public/ingestion`. Malformed items are refused one by one and the rest is
 * kept. Throws a Refusal where there is no batch at all.
 */
export function readLangfuseBatch(body: unknown, content: TraceContent): ReadBatch {
  const batch = (body as { batch?: unknown } | null | undefined)?.batch;
  if (!Array.isArray(batch)) throw new Refusal('batch has to be a list of events');
  if (batch.length > MOST_ITEMS) {
    throw new Refusal(`batch has more than ${MOST_ITEMS} events: send it in parts`);
  }
  const read: ReadBatch = { events: [], ignored: [], refused: [] };
  batch.forEach((item: unknown, index) => {
    try {
      const event = readEvent(item, content);
      if (event === undefined) read.ignored.push(idOf(item, index));
      else read.events.push(event);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      read.refused.push({ id: idOf(item, index), reason: error.message });
    }
  });
  return read;
}

function idOf(item: unknown, index: number): string {
  const id = (item as { id?: unknown } | null | undefined)?.id;
  return typeof id === 'string' && id !== '' ? id.slice(0, 200) : `#${index}`;
}
