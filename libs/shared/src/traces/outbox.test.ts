import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { AppError } from '../errors';
import { listJournals, openJournal } from './journal';
import { createOutbox } from './outbox';
import { shortId, withStableId } from './stable-id';
import type { TraceEvent } from './trace-event';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-outbox-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const event = (id: string): TraceEvent => ({
  ...{ id, type: 'trace-create', timestamp: '2026-11-21T07:00:00.000Z', body: { id } },
});
const away = new AppError('not_reachable', 'the database is away');

function boxOf(store: (ids: string[]) => void, signal = new AbortController().signal) {
  const errors: string[] = [];
  const outbox = createOutbox({
    journal: openJournal(folder, 'attempt-1'),
    refused: openJournal(folder, 'refused-attempt-1'),
    store: async (events) => store(events.map(({ id }) => id)),
    signal,
    onError: (error) => errors.push(error.message),
  });
  return { outbox, errors };
}

test('keeps what is added while the database is away, in its order, on disk, for its owner alone', async () => {
  const stored: string[] = [];
  let tries = 0;
  const { outbox } = boxOf((ids) => {
    tries += 1;
    if (tries < 3) {
      const [file] = readdirSync(folder);
      expect(statSync(path.join(folder, file!)).mode & 0o777).toBe(0o600);
      throw away;
    }
    stored.push(...ids);
  });
  outbox.add([event('a'), event('b')]);
  outbox.add([event('c')]);
  expect(
    openJournal(folder, 'attempt-1')
      .read()
      .map(({ id }) => id),
  ).toEqual(['a', 'b', 'c']);
  await outbox.flush();
  expect(stored).toEqual(['a', 'b', 'c']);
  expect(listJournals(folder)).toEqual([]);
});

test('what a killed process left is sent by the next, a line that was cut off left out', async () => {
  const ended = new AbortController();
  const first = boxOf(() => {
    throw away;
  }, ended.signal);
  first.outbox.add([event('a'), event('b')]);
  ended.abort();
  await first.outbox.flush();
  appendFileSync(path.join(folder, 'attempt-1.ndjson'), '\n{"id":"cut');
  expect(listJournals(folder)).toEqual(['attempt-1']);

  const stored: string[] = [];
  const { outbox } = boxOf((ids) => void stored.push(...ids));
  outbox.add([event('c')]);
  await outbox.flush();
  expect(stored).toEqual(['a', 'b', 'c']);
  expect(listJournals(folder)).toEqual([]);
});

test('what the database refuses is told and put aside', async () => {
  const stored: string[] = [];
  const { outbox, errors } = boxOf((ids) => {
    if (ids.includes('bad')) throw new AppError('invalid_input', 'this is wrong');
    stored.push(...ids);
  });
  outbox.add([event('bad')]);
  await outbox.flush();
  outbox.add([event('good')]);
  await outbox.flush();
  expect([errors, stored]).toEqual([['this is wrong'], ['good']]);
  const aside = openJournal(folder, 'refused-attempt-1');
  expect(aside.read().map(({ id }) => id)).toEqual(['bad']);
});

test('what is said again has the same id, whatever order its fields come in', () => {
  const one = withStableId({ ...event('x'), body: { id: 'x', a: 1, b: { c: 2, d: 3 } } });
  const same = withStableId({ ...event('y'), body: { b: { d: 3, c: 2 }, a: 1, id: 'x' } });
  const other = withStableId({ ...event('x'), body: { id: 'x', a: 2 } });
  expect(one.id).toBe(same.id);
  expect(one.id).not.toBe(other.id);
  const asked = (startTime: string): TraceEvent => ({
    ...{ ...event('q'), type: 'event-create' as const, body: { id: 'q', startTime } },
  });
  expect(withStableId(asked('1')).id).toBe(withStableId(asked('2')).id);
  expect(shortId('toolu_1')).toBe('toolu_1');
  expect(shortId('a b'.repeat(100))).toMatch(/^[0-9a-f]{40}$/);
});
