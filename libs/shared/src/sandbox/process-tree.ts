/** Which processes belong to a run: its group, its descendants, and whoever carries its mark. */
import { readdirSync, readFileSync } from 'node:fs';

/**
 * The variable that marks a run's processes. A command that left the process group and whose parent
 * is gone can be found by nothing else.
 */
export const MARK = 'COFFEE_ROADMAP_RUN';

interface ProcessLine {
  pid: number;
  parent: number;
  zombie: boolean;
  /** Ticks since boot: with the pid it names a process for ever. */
  startedAt: string;
}

/** undefined where the process is gone or there is no /proc (macOS). */
export function readProcess(pid: number): ProcessLine | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
  } catch {
    return undefined;
  }
  // The second field is the program's name in brackets and may itself hold brackets and spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return {
    pid,
    parent: Number(fields[1]),
    zombie: fields[0] === 'Z' || fields[0] === 'X',
    startedAt: fields[19] ?? '',
  };
}

export function listProcesses(): ProcessLine[] {
  let names: string[];
  try {
    names = readdirSync('/proc');
  } catch {
    return [];
  }
  return names
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((line): line is ProcessLine => line !== undefined && !line.zombie);
}

/** The mark in a process's environment, where we may read it. */
export function markOf(pid: number): string | undefined {
  let environment: string;
  try {
    environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
  } catch {
    return undefined;
  }
  const start = `${MARK}=`;
  const entry = environment.split('\0').find((line) => line.startsWith(start));
  return entry?.slice(start.length);
}

/**
 * The living processes of a run, from the outside in. `depth` is 0 for the process that we started;
 * undefined for one that is known by its mark alone.
 */
export function treeOf(
  rootPid: number | undefined,
  mark: string | undefined,
): { pid: number; depth?: number }[] {
  const processes = listProcesses();
  const found = new Map<number, number>();
  let level = processes.filter((line) => line.pid === rootPid);
  for (let depth = 0; level.length > 0; depth += 1) {
    const parents = new Set(level.map((line) => line.pid));
    for (const pid of parents) found.set(pid, depth);
    level = processes.filter((line) => parents.has(line.parent) && !found.has(line.pid));
  }
  const strays = processes.filter(
    (line) => mark !== undefined && !found.has(line.pid) && markOf(line.pid) === mark,
  );
  return [
    ...[...found].map(([pid, depth]) => ({ pid, depth })),
    ...strays.map(({ pid }) => ({ pid })),
  ];
}
