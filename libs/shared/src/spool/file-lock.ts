import { randomUUID } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import { AppError } from '../errors';
import { isAlive, processIdentity } from '../postgres/processes';

/** Who holds a lock; `purpose` is for people. */
export interface LockHolder {
  pid: number;
  identity: string;
  host: string;
  purpose: string;
  token: string;
}

const POLL_MS = 2;
/** A holder on another host (a container beside this one) is known by its silence alone. */
const SILENT_MS = 60_000;
export const BEAT_MS = 10_000;
const BREAKING_MS = 10_000;

/**
 * Takes the lock if it is free or its holder has died; undefined where somebody else has it. Nothing of
 * a killed process stands in the way of the next one.
 */
export function tryLock(file: string, purpose: string): LockHolder | undefined {
  const mine: LockHolder = {
    pid: process.pid,
    identity: processIdentity(process.pid),
    host: os.hostname(),
    purpose,
    token: randomUUID(),
  };
  for (;;) {
    if (put(file, JSON.stringify(mine))) return mine;
    const text = readIfThere(file);
    if (text === undefined) continue;
    if (!isGone(file, text) || !breakLock(file, text)) return undefined;
  }
}

export function unlock(file: string, mine: LockHolder): void {
  if (readIfThere(file)?.includes(mine.token) === true) removeIfThere(file);
}

export function lockHolder(file: string): LockHolder | undefined {
  return parse(readIfThere(file));
}

/** Says that the holder lives, for those on other hosts. */
export function keepLock(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // It was taken away with its folder.
  }
}

/** Runs `work` while nobody else does; waits, without giving way to other work, at most `patienceMs`. */
export function withLock<T>(file: string, purpose: string, work: () => T, patienceMs = 10_000): T {
  const until = performance.now() + patienceMs; // a clock that nobody sets
  let mine = tryLock(file, purpose);
  while (mine === undefined) {
    if (performance.now() > until) {
      const holder = lockHolder(file);
      throw new AppError('conflict', `${file} is held by process ${holder?.pid ?? '?'}`, {
        hint: 'Try again; if that process is stuck, end it.',
      });
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, POLL_MS);
    mine = tryLock(file, purpose);
  }
  try {
    return work();
  } finally {
    unlock(file, mine);
  }
}

/** A link, because it appears with its content at once or not at all. */
function put(file: string, content: string): boolean {
  const draft = `${file}.${randomUUID()}`;
  try {
    writeFileSync(draft, content, { mode: 0o600 });
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    removeIfThere(draft);
  }
}

function isGone(file: string, text: string): boolean {
  const holder = parse(text);
  if (holder === undefined) return true;
  if (holder.host === os.hostname())
    return !isAlive(holder.pid) || processIdentity(holder.pid) !== holder.identity;
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > SILENT_MS;
}

/**
 * One process at a time breaks locks, and only the very one that it found dead; otherwise the second of
 * two would take away the new lock of the first. False: somebody else is at it.
 */
function breakLock(file: string, dead: string): boolean {
  const breaking = `${file}.breaking`;
  try {
    closeSync(openSync(breaking, 'wx', 0o600));
  } catch {
    const since = statSync(breaking, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
    if (Date.now() - since > BREAKING_MS) removeIfThere(breaking);
    return false;
  }
  try {
    if (readIfThere(file) === dead) removeIfThere(file);
    return true;
  } finally {
    removeIfThere(breaking);
  }
}

function parse(text: string | undefined): LockHolder | undefined {
  try {
    return text === undefined ? undefined : (JSON.parse(text) as LockHolder);
  } catch {
    return undefined;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Not rmSync, which looks whether it is a folder, and for that loads half of the file system's code. */
function removeIfThere(file: string): void {
  try {
    unlinkSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
