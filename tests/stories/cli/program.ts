import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const root = path.resolve(__dirname, '..', '..', '..');

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
  remove(): void;
}

/** Builds the CLI into a folder of its own; it has to be in the repository, where it finds db/. */
export function buildCli(): CliProgram {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee cli '));
  const outdir = path.join(root, 'dist', 'tests', randomBytes(6).toString('hex'));
  const script = `import { buildAll } from './scripts/build.mjs';
    await buildAll({ outdir: process.argv[1] });`;
  const built = spawnSync(process.execPath, ['--input-type=module', '-e', script, outdir], {
    cwd: root,
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`the CLI could not be built: ${built.stderr}`);
  const file = path.join(outdir, 'coffee-roadmap.js');
  let people = 0;
  return {
    folder,
    as(url) {
      const home = path.join(folder, `home ${++people}`);
      mkdirSync(home, { mode: 0o700 });
      return createCli(file, home, url);
    },
    remove() {
      rmSync(outdir, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function createCli(file: string, home: string, url: string | undefined): Cli {
  const start: Cli['start'] = (args, options = {}) => {
    const child = spawn(process.execPath, ['--enable-source-maps', file, ...args], {
      cwd: options.cwd ?? home,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        TZ: 'UTC',
        ...(url === undefined ? {} : { DATABASE_URL: url }),
        ...options.env,
      },
    });
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
