import type { Readable } from 'node:stream';

/** What a taker makes of a chunk: an answer, with what came behind it, or nothing yet. */
export type Taken<T> = { answer: T; rest: string } | undefined;

/**
 * Hands chunks of text to `take` until it answers, or fails; what it leaves is there for the next
 * reader. At the end of the input the answer is `atEnd()`. The input is paused afterwards, so that
 * it does not keep the process alive.
 */
export function readInput<T>(
  input: Readable,
  take: (chunk: string) => Taken<T>,
  atEnd: () => T,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const settle = (answer: () => T) => {
      input.off('data', onData).off('end', onEnd).off('close', onEnd).off('error', onError);
      input.pause();
      try {
        resolve(answer());
      } catch (error) {
        reject(error);
      }
    };
    const onEnd = () => settle(atEnd);
    const onError = (error: unknown) =>
      settle(() => {
        throw error;
      });
    const onData = (chunk: string) => {
      try {
        const taken = take(chunk);
        if (taken === undefined) return;
        settle(() => taken.answer);
        if (taken.rest !== '') input.unshift(taken.rest);
      } catch (error) {
        onError(error);
      }
    };
    if (input.readableEnded || input.destroyed) {
      onEnd();
      return;
    }
    input.setEncoding('utf8');
    input.on('data', onData).on('end', onEnd).on('close', onEnd).on('error', onError);
    input.resume();
  });
}

/** One line without its ending; undefined when the input is at its end. */
export function readLine(input: Readable): Promise<string | undefined> {
  let text = '';
  const line = () => text.replace(/\r?\n?$/, '');
  return readInput<string | undefined>(
    input,
    (chunk) => {
      const newline = chunk.indexOf('\n');
      text += newline < 0 ? chunk : chunk.slice(0, newline);
      return newline < 0 ? undefined : { answer: line(), rest: chunk.slice(newline + 1) };
    },
    () => (text === '' ? undefined : line()),
  );
}
