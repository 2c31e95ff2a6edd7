import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, closeSync, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const LINES = 20;
const LOOK_MS = 2;
/** So long after the last line, so that each is news. */
const CALM_MS = 300;
const PATIENCE_MS = 30_000;
const END = 64 << 10;

export interface Watched {
  /** `collect --watch` of a home whose transcripts have been collected. */
  command: readonly string[];
  env: Record<string, string>;
  /** Where it spools. */
  spool: string;
  /** The transcript that goes on. */
  transcript: string;
  lineOf: (n: number) => { text: string; id: string };
}

/** Milliseconds from each line's being written to its record's being in the spool. */
export async function measureWatch(watched: Watched): Promise<number[]> {
  const [program = '', ...args] = watched.command;
  const child = spawn(program, args, { env: watched.env, stdio: 'ignore' });
  const ended = once(child, 'exit');
  try {
    const found: number[] = [];
    for (let n = 0; n <= LINES; n += 1) {
      const { text, id } = watched.lineOf(n);
      const began = performance.now();
      appendFileSync(watched.transcript, text);
      while (!isSpooled(watched.spool, id)) {
        if (performance.now() - began > PATIENCE_MS) throw new Error('the watch takes no line up');
        await pause(LOOK_MS);
      }
      if (n > 0) found.push(performance.now() - began); // with the first it began
      await pause(CALM_MS);
    }
    return found;
  } finally {
    child.kill('SIGINT');
    await ended;
  }
}

function isSpooled(spool: string, id: string): boolean {
  const last = readdirSync(spool)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .at(-1);
  if (last === undefined) return false;
  const handle = openSync(path.join(spool, last), 'r');
  try {
    const { size } = fstatSync(handle);
    const end = Buffer.alloc(Math.min(size, END));
    readSync(handle, end, 0, end.length, size - end.length);
    return end.includes(`"${id}"`);
  } finally {
    closeSync(handle);
  }
}
