/** Why a stream was given up; undefined: it came to its own end. */
export type StreamEnd =
  'silent' | 'no_records' | 'long_line' | 'unreadable' | 'too_large' | undefined;

export interface StreamLimits {
  /** Without a whole line. */
  lineMs: number;
  /** Without a record that was taken. */
  recordMs: number;
  recordBytes: number;
  /** Of one line. */
  lineBytes: number;
  /** Of all of it; absent: as much as comes. */
  allBytes?: number;
}

export const STREAM_LIMITS: StreamLimits = {
  lineMs: 60_000,
  recordMs: 30 * 60_000,
  recordBytes: 16 << 20,
  lineBytes: 1 << 20,
};

export interface WatchedStream {
  chunks: AsyncIterable<Uint8Array>;
  /** A record of it was good. */
  took: () => void;
  ended: () => StreamEnd;
}

const LINE_FEED = 10;

/**
 * Passes a stream on until somebody at its other end wastes our time or memory. It never throws: what came
 * before is as good as ever. Only the time in which we wait counts, not what we do with what came.
 */
export function watchStream(
  source: AsyncIterable<Uint8Array>,
  limits: StreamLimits = STREAM_LIMITS,
): WatchedStream {
  let end: StreamEnd;
  let sinceRecord = { ms: 0, bytes: 0 };
  let all = 0;
  let sinceLine = { ms: 0, bytes: 0 };

  async function* watch(): AsyncGenerator<Uint8Array> {
    const reader = source[Symbol.asyncIterator]();
    try {
      for (;;) {
        const patience = Math.min(limits.lineMs - sinceLine.ms, limits.recordMs - sinceRecord.ms);
        const before = performance.now();
        const next = await within(patience, reader.next());
        const waited = performance.now() - before;
        sinceLine.ms += waited;
        sinceRecord.ms += waited;
        if (next === 'late') {
          // Which patience it was: a timer may end a little before its time by the other clock.
          const forLine = limits.lineMs - sinceLine.ms;
          end = forLine <= limits.recordMs - sinceRecord.ms ? 'silent' : 'no_records';
          return;
        }
        if (next.done === true) return;
        const chunk = next.value;
        const last = chunk.lastIndexOf(LINE_FEED);
        all += chunk.length;
        sinceRecord.bytes += chunk.length;
        sinceLine =
          last < 0
            ? { ms: sinceLine.ms, bytes: sinceLine.bytes + chunk.length }
            : { ms: 0, bytes: chunk.length - last - 1 };
        if (all > (limits.allBytes ?? Infinity)) end = 'too_large';
        else if (sinceLine.bytes > limits.lineBytes) end = 'long_line';
        else if (sinceRecord.bytes > limits.recordBytes) end = 'no_records';
        if (end !== undefined) return;
        yield chunk;
      }
    } catch {
      end = 'unreadable'; // broken on its way, or never what it says
    } finally {
      void reader.return?.().then(undefined, () => undefined);
    }
  }
  return {
    chunks: watch(),
    took: () => (sinceRecord = { ms: 0, bytes: 0 }),
    ended: () => end,
  };
}

function within<T>(ms: number, work: Promise<T>): Promise<T | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), Math.max(0, ms));
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
