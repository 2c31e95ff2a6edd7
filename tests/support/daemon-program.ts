import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { asVariables } from './variables';

/** The real daemon, as users run it: the built program in a process of its own. */
export interface DaemonProgram {
  readonly pid: number;
  /** Its HOME: what it keeps lies below. */
  readonly home: string;
  readonly lines: string[];
  /** Resolves with what ended it. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  /** Resolves when a line that matches has been logged, also in the past. */
  said(pattern: RegExp, timeoutMs?: number): Promise<string>;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, and SIGKILL when that does not help. */
  stop(): Promise<void>;
}

/**
 * Settings in small letters are COFFEE_ROADMAP_ ones, others are variables as they are. `within`: what goes
 * before the command. Resolves when it serves; with `crash_at` at once.
 */
export async function startDaemonProgram(options: {
  name: string;
  url: string;
  folder: string;
  settings: Record<string, string>;
  within?: string[];
}): Promise<DaemonProgram> {
  const home = path.join(options.folder, `home-${options.name}`);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const urlFile = path.join(home, 'daemon.url');
  writeFileSync(urlFile, `${options.url}\n`, { mode: 0o600 });
  const daemon = path.join(process.cwd(), 'dist', 'daemon.js');
  const [command, ...args] = [...(options.within ?? []), process.execPath, daemon];
  const child = spawn(command!, args, {
    env: {
      PATH: process.env.PATH,
      HOME: home,
      COFFEE_ROADMAP_DAEMON_URL_FILE: urlFile,
      COFFEE_ROADMAP_POLL_S: '1',
      COFFEE_ROADMAP_GRACE_S: '0.5',
      ...asVariables('COFFEE_ROADMAP_', options.settings),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stderr! });
  reader.on('line', (line) => lines.push(line));
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const program: DaemonProgram = {
    pid: child.pid!,
    home,
    lines,
    ended,
    said: (pattern, timeoutMs = 20_000) => waitForLine(child, reader, lines, pattern, timeoutMs),
    kill: (signal) => child.kill(signal),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      child.kill('SIGCONT'); // a frozen one hears nothing
      const force = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await ended;
      clearTimeout(force);
    },
  };
  if (options.settings.crash_at !== undefined) return program;
  await program.said(/ serves /).catch((error: unknown) => {
    child.kill('SIGKILL');
    throw error;
  });
  return program;
}

function waitForLine(
  child: ChildProcess,
  reader: Interface,
  lines: string[],
  pattern: RegExp,
  timeoutMs: number,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const look = (): void => {
      const found = lines.find((line) => pattern.test(line));
      if (found === undefined) return;
      finish();
      resolve(found);
    };
    const fail = (why: string) => (): void => {
      finish();
      reject(new Error(`${why} ${String(pattern)}:\n${lines.slice(-20).join('\n')}`));
    };
    const gone = fail('ended without');
    const timer = setTimeout(fail('never said'), timeoutMs);
    const finish = (): void => {
      clearTimeout(timer);
      reader.off('line', look);
      child.off('exit', gone);
    };
    reader.on('line', look);
    child.once('exit', gone);
    look();
  });
}
