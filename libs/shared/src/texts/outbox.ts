import { randomUUID } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  ftruncateSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { ensurePrivateFolder, type Paths } from '../config/paths';
import { AppError, messageOf } from '../errors';
import { withLock } from '../spool/file-lock';
import { readStretch } from '../spool/read';
import { openForAppend } from '../spool/segments';
import { settingInForce } from './setting';

const LINE_FEED = 10;
const folderOf = ({ data }: Paths): string => path.join(data, 'texts');
const waitingOf = (paths: Paths): string => path.join(folderOf(paths), 'waiting.jsonl');

function locked<T>(paths: Paths, purpose: string, work: () => T): T {
  const folder = ensurePrivateFolder(folderOf(paths));
  return withLock(path.join(folder, 'lock'), purpose, work);
}

/**
 * Texts that wait to be sent: apart from the spool, so that no other road carries them, and gone once they
 * are sent. Whole lines; on the disk when it returns. Does nothing once the setting is off.
 */
export function appendTexts(paths: Paths, lines: Uint8Array): void {
  locked(paths, 'append', () => {
    if (settingInForce(paths) === undefined) return;
    const { handle, size } = openForAppend(waitingOf(paths));
    try {
      for (let done = 0; done < lines.length;) done += writeSync(handle, lines, done);
      fsyncSync(handle);
    } catch (error) {
      ftruncateSync(handle, size);
      throw new AppError('failed', `texts cannot be kept: ${messageOf(error)}`, {
        hint: 'Make room on the disk, or turn them off: coffee-roadmap texts off.',
        cause: error,
      });
    } finally {
      closeSync(handle);
    }
  });
}

/** The files to send; each is the caller's until it is removed, and sent again after a crash. */
export function takeTexts(paths: Paths): string[] {
  if (!existsSync(folderOf(paths))) return [];
  return locked(paths, 'take', () => {
    if (existsSync(waitingOf(paths)))
      renameSync(waitingOf(paths), path.join(folderOf(paths), `sending-${randomUUID()}.jsonl`));
    return filesOf(paths);
  });
}

/** Removes what waits, for good; gives how many bytes. */
export function removeWaitingTexts(paths: Paths): number {
  if (!existsSync(folderOf(paths))) return 0;
  return locked(paths, 'remove', () => {
    const bytes = waitingBytes(paths);
    for (const file of filesOf(paths)) rmSync(file, { force: true });
    return bytes;
  });
}

/** How much waits to be sent. */
export function waitingBytes(paths: Paths): number {
  return filesOf(paths).reduce(
    (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/** When something was last added to what has waited longest; undefined where nothing waits. */
export function waitingSince(paths: Paths): Date | undefined {
  const times = filesOf(paths)
    .map((file) => statSync(file, { throwIfNoEntry: false }))
    .filter((stat) => stat !== undefined && stat.size > 0)
    .map((stat) => stat!.mtimeMs);
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

function filesOf(paths: Paths): string[] {
  if (!existsSync(folderOf(paths))) return [];
  return readdirSync(folderOf(paths))
    .filter((name) => name.endsWith('.jsonl'))
    .map((name) => path.join(folderOf(paths), name));
}

/** Whole lines, about a megabyte at a time. */
export function* readTexts(file: string): Generator<Buffer> {
  let rest = Buffer.alloc(0);
  const to = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (to === 0) return;
  for (const piece of readStretch({ segment: 0, file, from: 0, to })) {
    const text = Buffer.concat([rest, piece]);
    const end = text.lastIndexOf(LINE_FEED) + 1;
    if (end > 0) yield text.subarray(0, end);
    rest = text.subarray(end);
  }
}
