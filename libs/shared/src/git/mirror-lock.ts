import { randomUUID } from 'node:crypto';
import {
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../errors';

/** In a lock file: who holds the mirror, or that nobody does. */
interface Holder {
  free: boolean;
  pid: number;
  /** Tells two processes with one pid apart; empty where the system does not say. */
  startedAt: string;
  host: string;
}

const BEAT_MS = 5_000;
/** A holder on another machine (a container that is gone) is known by its silence only. */
const SILENT_MS = 60_000;
const POLL_MS = 50;

/**
 * Runs `work` while no other process of this machine changes the mirror. The lock of a process that
 * was killed is taken over at once. Throws `conflict` after `timeoutMs` (default 10 minutes). Not
 * reentrant.
 *
 * Locks are numbered and the highest counts. Taking one means creating the next number, which only
 * one process can; two that find the same stale lock therefore never both get it.
 */
export async function withMirrorLock<T>(
  mirror: string,
  work: () => Promise<T>,
  timeoutMs = 600_000,
): Promise<T> {
  const folder = `${mirror}.locks`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const mine = await acquire(folder, timeoutMs);
  const beat = setInterval(() => touch(mine), BEAT_MS);
  beat.unref();
  try {
    return await work();
  } finally {
    clearInterval(beat);
    // A reset may have removed the folder meanwhile, and the lock with it.
    if (existsSync(mine)) put(folder, mine, { ...self(), free: true }, renameSync);
  }
}

async function acquire(folder: string, timeoutMs: number): Promise<string> {
  const until = performance.now() + timeoutMs; // a clock that nobody sets
  for (;;) {
    const last = Math.max(0, ...numbersIn(folder));
    const holder = read(fileOf(folder, last));
    if (last === 0 || !holder || holder.free || isGone(holder, fileOf(folder, last))) {
      const taken = take(folder, last + 1);
      if (taken) return taken;
    } else if (performance.now() > until) {
      throw new AppError('conflict', `the mirror is in use by process ${holder.pid}`, {
        hint: `If that process is no coffee-roadmap, remove ${folder}.`,
      });
    }
    await pause(POLL_MS);
  }
}

function take(folder: string, number: number): string | undefined {
  const file = fileOf(folder, number);
  if (!put(folder, file, { ...self(), free: false }, linkSync)) return undefined;
  const others = numbersIn(folder);
  if (Math.max(...others) > number) {
    rmSync(file, { force: true });
    return undefined;
  }
  for (const old of others) if (old < number) rmSync(fileOf(folder, old), { force: true });
  return file;
}

/** Written aside first, so that nobody ever reads half a file. False: the name is taken. */
function put(
  folder: string,
  file: string,
  holder: Holder,
  place: (from: string, to: string) => void,
): boolean {
  const aside = path.join(folder, `.${randomUUID()}`);
  writeFileSync(aside, JSON.stringify(holder), { mode: 0o600 });
  try {
    place(aside, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(aside, { force: true });
  }
}

function isGone(holder: Holder, file: string): boolean {
  if (holder.host === hostname()) return startOf(holder.pid) !== holder.startedAt;
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > SILENT_MS;
}

function self(): Omit<Holder, 'free'> {
  return { pid: process.pid, startedAt: startOf(process.pid) ?? '', host: hostname() };
}

/** Undefined: there is no such process. */
function startOf(pid: number): string | undefined {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return undefined;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : (fields[19] ?? '');
  } catch {
    return '';
  }
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}

function numbersIn(folder: string): number[] {
  return readdirSync(folder)
    .map(Number)
    .filter((number) => number > 0);
}

function fileOf(folder: string, number: number): string {
  return path.join(folder, String(number));
}

function touch(file: string): void {
  try {
    utimesSync(file, new Date(), new Date());
  } catch {
    // Taken over: this process was silent for too long. Its own work still ends by itself.
  }
}
