import {
  closeSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readdirSync,
  readSync,
} from 'node:fs';
import path from 'node:path';
import { ensurePrivateFolder, type Paths } from '../config/paths';

/** A file of the spool; `events-00000001.jsonl` is number 1. The highest is written to. */
export interface Segment {
  number: number;
  file: string;
}

/** A place in the spool: everything before it. */
export interface SpoolPosition {
  segment: number;
  bytes: number;
}

const NAME = /^events-(\d{8})\.jsonl$/;
const LINE_FEED = 10;
const LOOK_BACK = 65_536;

export const spoolFolder = ({ data }: Paths): string => path.join(data, 'spool');

export function segmentFile(folder: string, number: number): string {
  return path.join(folder, `events-${String(number).padStart(8, '0')}.jsonl`);
}

/** Oldest first; none where nothing was ever recorded. */
export function listSegments(paths: Paths): Segment[] {
  const folder = spoolFolder(paths);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
  return names
    .flatMap((name) => {
      const number = NAME.exec(name)?.[1];
      return number === undefined
        ? []
        : [{ number: Number(number), file: path.join(folder, name) }];
    })
    .sort((a, b) => a.number - b.number);
}

/** Opens a segment to append to it, without a line that a power cut has torn. Gives its size too. */
export function openForAppend(file: string): { handle: number; size: number } {
  ensurePrivateFolder(path.dirname(file));
  const handle = openSync(file, 'a+', 0o600);
  const { size } = fstatSync(handle);
  const whole = wholeLines(handle, size);
  if (whole < size) ftruncateSync(handle, whole);
  return { handle, size: whole };
}

/** The bytes up to and with the last line feed before `size`. */
export function wholeLines(handle: number, size: number): number {
  const scratch = Buffer.alloc(Math.min(LOOK_BACK, size));
  for (let end = size; end > 0; end -= scratch.length) {
    const from = Math.max(0, end - scratch.length);
    const read = readSync(handle, scratch, 0, end - from, from);
    const last = scratch.subarray(0, read).lastIndexOf(LINE_FEED);
    if (last >= 0) return from + last + 1;
  }
  return 0;
}

/** So that a new or renamed file is there after a power cut too. */
export function syncFolder(folder: string): void {
  const handle = openSync(folder, 'r');
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
