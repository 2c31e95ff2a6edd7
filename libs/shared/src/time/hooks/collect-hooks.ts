import { closeSync, existsSync, openSync, readSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { ensurePrivateFolder, type Paths } from '../../config/paths';
import { readPrivateJson, writePrivateJson } from '../../config/private-file';
import type { MachineIdentity } from '../../machines/identity';
import type { MachineRecord } from '../../records/record';
import { appendRecords } from '../../spool/append';
import { withLock } from '../../spool/file-lock';
import type { FocusSettings } from '../focus/focus-source';
import { gitProjectOf } from './git-project';
import { hookFiles } from './hook-folder';
import { readHookLine } from './read-hook-line';

/** Focus and scroll of a pane within this time are one. */
export const DEBOUNCE_MS = 500;
/** A log that has grown to this gives way to a new one. */
const ROTATE_BYTES = 1 << 20;
/** A hook that is amid a line has written it by then. */
const SETTLED_MS = 10_000;

export interface HookState {
  /** Bytes of the log that were read. */
  offset?: number;
  /** Of the one before it, while that is still there. */
  oldOffset?: number;
  /** Pane → the time of its last record, in milliseconds. */
  panes?: Record<string, number>;
  /** Repositories' folders of hooks that have ours. */
  repositories?: string[];
  /** How windows and absence are looked at; left out: not at all. */
  focus?: FocusSettings;
  /** Whether all repositories have ours, and the folder of hooks that was set before. */
  everywhere?: { before: string | null };
}

export interface HookSummary {
  records: number;
  /** Lines that no hook of ours wrote. */
  broken: number;
}

/**
 * Reads what hooks appended since, into the spool. A crash amid it repeats records, whose ids are the
 * same then.
 */
export function collectHooks(paths: Paths, identity: MachineIdentity): HookSummary {
  const files = hookFiles(paths);
  const summary: HookSummary = { records: 0, broken: 0 };
  if (!existsSync(files.folder)) return summary;
  return whileAlone(paths, 'collect hooks', () => {
    const state = readHookState(paths);
    const old = `${files.log}.1`;
    const fromOld = readLines(old, state.oldOffset ?? 0);
    const fromLog = readLines(files.log, state.offset ?? 0);
    const lines = [...fromOld.lines, ...fromLog.lines];
    const lookUp = projectOf();
    const panes = new Map(Object.entries(state.panes ?? {}));
    const records = lines.flatMap((line): MachineRecord[] => {
      const record = readHookLine(line, identity.machine_id, lookUp);
      if (record === undefined) summary.broken += 1;
      return record !== undefined && isNews(record, panes) ? [record] : [];
    });
    summary.records = records.length;
    if (records.length > 0) appendRecords(paths, records);
    const next: HookState = { ...state, offset: fromLog.offset, oldOffset: fromOld.offset };
    next.panes = Object.fromEntries([...panes].slice(-500));
    if (fromOld.exists && Date.now() - fromOld.modifiedMs > SETTLED_MS) {
      rmSync(old, { force: true });
      next.oldOffset = 0;
    }
    if (!existsSync(old) && fromLog.offset > ROTATE_BYTES) {
      renameSync(files.log, old);
      Object.assign(next, { offset: 0, oldOffset: fromLog.offset });
    }
    if (lines.length > 0 || fromOld.exists) writePrivateJson(files.state, next);
    return summary;
  });
}

export function readHookState(paths: Paths): HookState {
  return readPrivateJson<HookState>(hookFiles(paths).state) ?? {};
}

export interface WaitingLines {
  bytes: number;
  /** When the last of them was written, in milliseconds. */
  since: number;
}

/** What hooks appended and nobody has read yet; undefined where all is read. */
export function findWaiting(paths: Paths): WaitingLines | undefined {
  const { log } = hookFiles(paths);
  const stat = statSync(log, { throwIfNoEntry: false });
  const bytes = (stat?.size ?? 0) - (readHookState(paths).offset ?? 0);
  return stat === undefined || bytes <= 0 ? undefined : { bytes, since: stat.mtimeMs };
}

/** Keeps what `change` makes of the state, and nobody else changes it meanwhile. */
export function changeHookState(paths: Paths, change: (state: HookState) => HookState): void {
  whileAlone(paths, 'change hooks', () =>
    writePrivateJson(hookFiles(paths).state, change(readHookState(paths))),
  );
}

function whileAlone<T>(paths: Paths, purpose: string, work: () => T): T {
  const { folder } = hookFiles(paths);
  ensurePrivateFolder(folder);
  return withLock(path.join(folder, 'lock'), purpose, work);
}

/** Panes alone are debounced: a commit is one, however soon it follows. */
function isNews(record: MachineRecord, panes: Map<string, number>): boolean {
  if (record.type !== 'tmux_pane_focus' && record.type !== 'tmux_scroll') return true;
  const at = Date.parse(record.at);
  const last = panes.get(record.pane_id);
  if (last !== undefined && Math.abs(at - last) < DEBOUNCE_MS) return false;
  panes.delete(record.pane_id); // the latest stay at the end
  panes.set(record.pane_id, at);
  return true;
}

/** Whole lines from the offset on; a log that is shorter was made anew. */
function readLines(file: string, from: number) {
  const stat = statSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return { lines: [], offset: 0, exists: false, modifiedMs: 0 };
  const start = stat.size < from ? 0 : from;
  const bytes = Buffer.alloc(stat.size - start);
  const handle = openSync(file, 'r');
  let read = 0;
  try {
    while (read < bytes.length) {
      const n = readSync(handle, bytes, read, bytes.length - read, start + read);
      if (n === 0) break;
      read += n;
    }
  } finally {
    closeSync(handle);
  }
  const end = bytes.subarray(0, read).lastIndexOf(10) + 1;
  const lines = bytes.subarray(0, end).toString('utf8').split('\n').filter(Boolean);
  return { lines, offset: start + end, exists: true, modifiedMs: stat.mtimeMs };
}

/** A folder's repository is looked up once in a pass. */
const projectOf = () => {
  const known = new Map<string, string | null>();
  return (folder: string): string | null => {
    if (!known.has(folder)) known.set(folder, gitProjectOf(folder));
    return known.get(folder)!;
  };
};
