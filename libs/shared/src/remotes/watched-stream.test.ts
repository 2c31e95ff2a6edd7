import { watchStream, type StreamLimits } from './watched-stream';

const limits: StreamLimits = { lineMs: 40, recordMs: 80, recordBytes: 100, lineBytes: 20 };

/** Sends each piece, and waits `ms` before it where that is said; then never ends where `hang`. */
async function* sending(pieces: (string | number)[], hang = false): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) {
    if (typeof piece === 'number')
      await new Promise((resolve) => setTimeout(resolve, piece).unref());
    else yield Buffer.from(piece);
  }
  if (hang) await new Promise(() => undefined);
}

async function readAll(source: AsyncIterable<Uint8Array>, take = false) {
  const { chunks, ended, took } = watchStream(source, limits);
  let text = '';
  for await (const chunk of chunks) {
    text += Buffer.from(chunk).toString();
    if (take) took();
  }
  return { text, end: ended() };
}

it('passes on what comes, to its end', async () => {
  expect(await readAll(sending(['a\n', 'b', 'c\n']))).toEqual({ text: 'a\nbc\n', end: undefined });
});

it('gives up on one who says nothing, or drips without ever ending a line', async () => {
  expect(await readAll(sending(['a\n'], true))).toEqual({ text: 'a\n', end: 'silent' });
  const drips = Array.from({ length: 100 }, () => [10, 'x']).flat();
  expect((await readAll(sending(drips))).end).toMatch(/silent|long_line/);
});

it('gives up on one who sends no record, slowly or fast; not on one who does', async () => {
  const beats = Array.from({ length: 100 }, () => [10, '\n']).flat();
  expect((await readAll(sending(beats))).end).toBe('no_records');
  const lines = Array.from({ length: 50 }, () => 'no record\n');
  expect((await readAll(sending(lines))).end).toBe('no_records');
  expect(await readAll(sending(lines), true)).toEqual({ text: lines.join(''), end: undefined });
});

it('gives up on a line that does not end, and keeps what came before it', async () => {
  expect(await readAll(sending(['a\n', 'x'.repeat(15), 'x'.repeat(15)]))).toEqual({
    text: `a\n${'x'.repeat(15)}`,
    end: 'long_line',
  });
});

it('ends where the source breaks', async () => {
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield Buffer.from('a\n');
    await Promise.reject(new Error('reset'));
  }
  expect(await readAll(breaking())).toEqual({ text: 'a\n', end: 'unreadable' });
});
