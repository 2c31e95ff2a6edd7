import { closeSync, openSync, readSync, renameSync, statSync } from 'node:fs';

const LIMIT_BYTES = 10 * 1024 * 1024;
const READ_BYTES = 64 * 1024;

/** Puts a log aside that has grown long; one such is kept. */
export function keepLogShort(file: string): void {
  if (lengthOf(file) > LIMIT_BYTES) renameSync(file, `${file}.old`);
}

/** Bytes; 0 where there is no file. */
export function lengthOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** What a daemon that began to log at byte `from` said was wrong: at most two lines. */
export function readComplaint(file: string, from: number): string[] {
  const buffer = Buffer.alloc(READ_BYTES);
  const log = openSync(file, 'r');
  try {
    const at = Math.max(from, lengthOf(file) - READ_BYTES);
    return findComplaint(buffer.subarray(0, readSync(log, buffer, 0, READ_BYTES, at)).toString());
  } finally {
    closeSync(log);
  }
}

const LOGGED = /^\d{4}-\d\d-\d\dT\S+ (debug|info|warn) /;
const THROWN = /^(?:Uncaught )?\w*Error\b/;
const AROUND_THROWN = /^(?:\s+at |Node\.js v|\/.*:\d+$|file:|\s*\^)/;

/** What ended it is what it did not say as a part of its work; an exception, or a message and a hint. */
export function findComplaint(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !LOGGED.test(line));
  const thrown = lines.find((line) => THROWN.test(line));
  if (thrown !== undefined) return [thrown];
  return lines.filter((line) => !AROUND_THROWN.test(line)).slice(-2);
}
