import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { builtPrograms } from '../../support/built-programs';

export interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface Running {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Resolves when what came out so far matches; rejects when it ends without. */
  said(pattern: RegExp, stream?: 'stdout' | 'stderr'): Promise<void>;
  kill(signal: NodeJS.Signals): void;
  /** Reads no more of what it writes, as `| head` does. */
  closeOutput(): void;
  readonly ended: Promise<Result>;
}

export interface RunOptions {
  input?: string;
  env?: Record<string, string>;
  cwd?: string;
}

/** The built CLI as one person has it: with a home of their own. */
export interface Cli {
  home: string;
  /** The program, for whoever starts it by other means. */
  file: string;
  run(args: string[], options?: RunOptions): Promise<Result>;
  /** Runs it with --json; fails unless it gives exactly one document and exit code 0. */
  json<T = Record<string, unknown>>(args: string[], options?: RunOptions): Promise<T>;
  start(args: string[], options?: RunOptions): Running;
}

export interface CliProgram {
  folder: string;
  /** `url` undefined: nothing is configured. */
  as(url: string | undefined): Cli;
  /** Ends what still runs, as after a test that failed half-way, and takes the homes away. */
  remove(): void;
}

/** The built CLI, for people who each have a home in one folder. */
export function buildCli(): CliProgram {
  const file = path.join(builtPrograms(), 'coffee-roadmap.js');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee cli '));
  const running = new Set<ChildProcess>();
  let people = 0;
  return {
    folder,
    as(url) {
      const home = path.join(folder, `home ${++people}`);
      mkdirSync(home, { mode: 0o700 });
      return createCli(file, home, url, running);
    },
    remove() {
      for (const child of running) child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function createCli(
  file: string,
  home: string,
  url: string | undefined,
  running: Set<ChildProcess>,
): Cli {
  const start: Cli['start'] = (args, options = {}) => {
    const child = spawn(process.execPath, [file, ...args], {
      cwd: options.cwd ?? home,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        TZ: 'UTC',
        ...(url === undefined ? {} : { DATABASE_URL: url }),
        ...options.env,
      },
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    child.stdin.on('error', () => undefined); // it ended without reading
    child.stdin.end(options.input ?? '');
    return follow(child);
  };
  return {
    home,
    file,
    start,
    run: (args, options) => start(args, options).ended,
    async json<T>(args: string[], options?: RunOptions) {
      const result = await start([...args, '--json'], options).ended;
      if (result.code !== 0) throw new Error(`exit code ${result.code}: ${result.stderr}`);
      return JSON.parse(result.stdout) as T;
    },
  };
}

function follow(child: ChildProcess): Running {
  const said = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]!.setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
      for (const listener of [...listeners]) listener();
    });
  }
  const ended = new Promise<Result>((resolve) => {
    child.once('close', (code) => resolve({ code, ...said }));
  });
  return {
    stdout: () => said.stdout,
    stderr: () => said.stderr,
    ended,
    kill: (signal) => void child.kill(signal),
    closeOutput: () => void child.stdout!.destroy(),
    said: (pattern, stream = 'stdout') =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (!pattern.test(said[stream])) return;
          listeners.delete(look);
          resolve();
        };
        listeners.add(look);
        look();
        void ended.then(() =>
          reject(new Error(`ended without ${pattern}: ${said.stdout}\n${said.stderr}`)),
        );
      }),
  };
}
