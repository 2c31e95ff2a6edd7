import { AppError } from '@coffee-roadmap/shared/errors';
import type { TraceEventOutcome } from '@coffee-roadmap/shared/traces/queries';
import type { TraceEvent } from '@coffee-roadmap/shared/traces/trace-event';
import { until } from '../../../../tests/support/until';
import { createEventBatcher } from './event-batcher';

const ONE = { publicKey: 'pk-1', secretKey: 'sk-1' };
const OTHER = { publicKey: 'pk-2', secretKey: 'sk-2' };

const event = (id: string): TraceEvent => ({
  ...{ id, type: 'trace-create', timestamp: '2026-11-21T07:00:00.000Z', body: { id } },
});
const accepted = (events: TraceEvent[]): TraceEventOutcome[] =>
  events.map(({ id }, at) => ({
    ...{ event_position: at + 1, event_id: id, status: 'accepted', reason: null },
  }));

/** Holds each batch until it is let go. */
function holding() {
  const batches: { ids: string[]; release: () => void; fail: (error: Error) => void }[] = [];
  const batcher = createEventBatcher(
    (_key, events) =>
      new Promise((resolve, reject) => {
        const ids = events.map(({ id }) => id);
        batches.push({ ids, release: () => resolve(accepted(events)), fail: reject });
      }),
  );
  return { batches, batcher };
}

test('what comes while a batch of the same key is on its way goes together; each hears of its own', async () => {
  const { batches, batcher } = holding();
  const first = batcher.store(ONE, [event('a')]);
  const second = batcher.store(ONE, [event('b'), event('c')]);
  const third = batcher.store(ONE, [event('d')]);
  const elsewhere = batcher.store(OTHER, [event('z')]);
  expect(batches.map(({ ids }) => ids)).toEqual([['a'], ['z']]);
  batches[0]!.release();
  await first;
  await until('the next batch', () => batches.length === 3);
  expect(batches[2]!.ids).toEqual(['b', 'c', 'd']);
  batches[2]!.release();
  expect((await second).map(({ event_id }) => event_id)).toEqual(['b', 'c']);
  expect((await third).map(({ event_id }) => event_id)).toEqual(['d']);
  batches[1]!.release();
  expect(await elsewhere).toHaveLength(1);
  expect(await batcher.store(ONE, [])).toEqual([]);
});

test('what is wrong with one is no fault of those that went with it', async () => {
  const batcher = createEventBatcher(async (_key, events) => {
    if (events.some(({ id }) => id === 'bad')) throw new AppError('invalid_input', 'bad');
    return accepted(events);
  });
  const all = ['a', 'bad', 'b'].map((id) => batcher.store(ONE, [event(id)]));
  const ends = await Promise.allSettled(all);
  expect(ends.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
});

test('too much of one key is turned away, and taken again when there is room', async () => {
  const { batches, batcher } = holding();
  const many = Array.from({ length: 2_000 }, (_, n) => event(`e${n}`));
  const waiting = Array.from({ length: 27 }, () => batcher.store(ONE, many));
  await expect(batcher.store(ONE, [event('late')])).rejects.toThrow('waits to be stored');
  for (let at = 0; at < waiting.length; at += 1) {
    await until('the next batch', () => batches.length > at);
    batches[at]!.release();
    await waiting[at];
  }
  const again = batcher.store(ONE, [event('again')]);
  await until('one more batch', () => batches.length === 28);
  batches.at(-1)!.release();
  expect(await again).toHaveLength(1);
});
