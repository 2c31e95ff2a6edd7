import { closeSync, fsyncSync, ftruncateSync, writeSync } from 'node:fs';
import path from 'node:path';
import { ensurePrivateFolder, type Paths } from '../config/paths';
import { AppError, messageOf } from '../errors';
import type { MachineRecord } from '../records/record';
import { serialiseRecord } from '../records/serialise-record';
import { withLock } from './file-lock';
import {
  listSegments,
  openForAppend,
  segmentFile,
  spoolFolder,
  syncFolder,
  type SpoolPosition,
} from './segments';

/** A segment that has grown to this is followed by a new one. */
export const SEGMENT_BYTES = 64 << 20;

export interface AppendOptions {
  /** Not before the next append that does is it safe from a power cut. */
  lazy?: boolean;
  segmentBytes?: number;
}

/** Appends records for good: when it returns they are on the disk. Made for programs that run shortly. */
export function appendRecords(paths: Paths, records: readonly MachineRecord[]): SpoolPosition {
  const text = records.map((record) => `${serialiseRecord(record)}\n`).join('');
  return appendLines(paths, Buffer.from(text));
}

/**
 * Appends whole lines, each with its line feed, while no other process does. All of them are there
 * afterwards or none: what a full disk has cut short is taken back. Gives the place behind them.
 */
export function appendLines(
  paths: Paths,
  lines: Uint8Array,
  { lazy = false, segmentBytes = SEGMENT_BYTES }: AppendOptions = {},
): SpoolPosition {
  const folder = ensurePrivateFolder(spoolFolder(paths));
  return withLock(path.join(folder, 'lock'), 'append', () => {
    let number = listSegments(paths).at(-1)?.number ?? 0;
    const isNew = number === 0;
    if (isNew) number = 1;
    let { handle, size } = openForAppend(segmentFile(folder, number));
    let begun = isNew;
    if (size >= segmentBytes) {
      fsyncSync(handle);
      closeSync(handle);
      number += 1;
      begun = true;
      ({ handle, size } = openForAppend(segmentFile(folder, number)));
    }
    try {
      writeAll(handle, size, lines);
      if (!lazy) fsyncSync(handle);
      if (begun) syncFolder(folder);
      return { segment: number, bytes: size + lines.length };
    } finally {
      closeSync(handle);
    }
  });
}

function writeAll(handle: number, size: number, lines: Uint8Array): void {
  try {
    for (let done = 0; done < lines.length;)
      done += writeSync(handle, lines, done, lines.length - done);
  } catch (error) {
    ftruncateSync(handle, size);
    throw new AppError('failed', `the spool cannot be written: ${messageOf(error)}`, {
      hint: 'Make room on the disk; nothing was lost, the next collect goes on from here.',
      cause: error,
    });
  }
}
