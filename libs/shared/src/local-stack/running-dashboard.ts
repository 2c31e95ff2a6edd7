import { rmSync } from 'node:fs';
import path from 'node:path';
import { readPrivateJson, writePrivateJson } from '../config/private-file';
import type { Paths } from '../config/paths';
import { isAlive, processIdentity } from '../postgres/processes';

/** The dashboard that this account runs on this machine. */
export interface RunningDashboard {
  address: string;
  /** `own`: with one person's login; `shared`: with the dashboard's. */
  kind: 'own' | 'shared';
}

interface Note extends RunningDashboard {
  /** Of whoever keeps it running. */
  pid: number;
  identity: string;
}

/** Notes it for other commands; the returned function takes the note away. */
export function noteDashboard(paths: Paths, running: RunningDashboard): () => void {
  const file = fileOf(paths);
  const note: Note = {
    ...running,
    pid: process.pid,
    identity: processIdentity(process.pid),
  };
  writePrivateJson(file, note);
  return () => rmSync(file, { force: true });
}

/** Undefined when none runs. */
export function findRunningDashboard(paths: Paths): RunningDashboard | undefined {
  const note = readPrivateJson<Note>(fileOf(paths));
  if (note === undefined) return undefined;
  if (!isAlive(note.pid) || processIdentity(note.pid) !== note.identity) return undefined;
  return { address: note.address, kind: note.kind };
}

const fileOf = (paths: Paths): string => path.join(paths.state, 'dashboard.json');
