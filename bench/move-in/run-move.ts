import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runMeasured } from '../collect/run-measured';

/** One command of the built CLI, and what it took. */
export interface Ran {
  ms: number;
  /** The most that the command held. */
  peakMb: number;
  /** The most of its own, without what is shared, that one process of the server held meanwhile. */
  serverMb: number;
  answer: Record<string, unknown>;
}

const LOOK_MS = 1000;

/** Runs the CLI as that person, with a home of its own. `postmaster`: the server's main process. */
export async function runCli(
  { url, home, postmaster }: { url: string; home: string; postmaster: number | undefined },
  args: readonly string[],
): Promise<Ran> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const program = path.join(projectRoot(), 'dist', 'coffee-roadmap.js');
  const env = { PATH: process.env.PATH ?? '', HOME: home, DATABASE_URL: url };
  let serverMb = 0;
  const look = (): void => {
    if (postmaster !== undefined) serverMb = Math.max(serverMb, largestOf(postmaster));
  };
  const looking = setInterval(look, LOOK_MS);
  try {
    const ran = await runMeasured([process.execPath, program, ...args, '--json'], env);
    const answer = JSON.parse(ran.stdout) as Record<string, unknown>;
    return { ms: ran.wallMs, peakMb: ran.peakMb, serverMb, answer };
  } finally {
    clearInterval(looking);
  }
}

function largestOf(postmaster: number): number {
  let largest = 0;
  for (const name of readdirSync('/proc').filter((entry) => /^\d+$/.test(entry))) {
    try {
      const status = readFileSync(`/proc/${name}/status`, 'latin1');
      if (!new RegExp(`^PPid:\\s+${postmaster}$`, 'm').test(status)) continue;
      largest = Math.max(largest, Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024);
    } catch {
      // It has ended.
    }
  }
  return largest;
}
