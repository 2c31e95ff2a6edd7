import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessFigures {
  /** Megabytes, what several processes share divided among them. */
  pssMb: number;
  /** Megabytes, what is shared counted in full. */
  rssMb: number;
  /** Seconds of processor time so far. */
  cpuS: number;
}

/** Figures of a process with all that it has started, from Linux's /proc. */
export function figuresOf(pid: number): ProcessFigures {
  const below = descendantsOf(pid).flatMap((child) => {
    try {
      return [figuresOfOne(child)];
    } catch {
      return []; // it ended meanwhile, as workers of a server do
    }
  });
  return [figuresOfOne(pid), ...below].reduce((sum, one) => ({
    pssMb: sum.pssMb + one.pssMb,
    rssMb: sum.rssMb + one.rssMb,
    cpuS: sum.cpuS + one.cpuS,
  }));
}

function figuresOfOne(pid: number): ProcessFigures {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (name: string): number =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? 0) / 1024;
  return { pssMb: megabytes('Pss'), rssMb: megabytes('Rss'), cpuS: cpuSecondsOf(pid) };
}

/** Seconds of processor time of this one process so far. */
export function cpuSecondsOf(pid: number): number {
  const fields = statOf(pid);
  // utime and stime; the first field here is the third of proc(5).
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond();
}

function descendantsOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    const parent = parentOf(Number(name));
    if (parent === undefined) continue;
    children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const below = (parent: number): number[] =>
    (children.get(parent) ?? []).flatMap((child) => [child, ...below(child)]);
  return below(pid);
}

function parentOf(pid: number): number | undefined {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return undefined; // it ended meanwhile
  }
}

/** The fields after the program's name, which may itself hold spaces and brackets. */
function statOf(pid: number): string[] {
  const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return text.slice(text.lastIndexOf(')') + 2).split(' ');
}

let ticks: number | undefined;
function ticksPerSecond(): number {
  ticks ??= Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  return ticks;
}
