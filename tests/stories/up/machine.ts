import {
  findRunningEmbeddedPostgres,
  removeEmbeddedPostgres,
} from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { isAlive } from '@coffee-roadmap/shared/postgres/processes';
import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { agentRoots } from '../../support/agent-processes';
import { startUp, type Event, type Up } from './up-process';

export const program = path.join(process.cwd(), 'dist', 'coffee-roadmap.js');

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** A person's machine: an empty home, and the built programs as they start them. */
export interface Machine {
  home: string;
  /** `coffee-roadmap up --json`; `env` besides HOME and PATH. */
  up(args?: string[], env?: Record<string, string>): Up;
  run(args: string[], env?: Record<string, string>): Promise<Ran>;
  /** With --json; the document. */
  json<T = Event>(args: string[]): Promise<T>;
  read(file: string): string;
  /** The process of the embedded server, while there is one. */
  serverPid(): Promise<number | undefined>;
  remove(): Promise<void>;
}

export function newMachine(): Machine {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee up '));
  chmodSync(folder, 0o755); // a home is below folders that others may pass through
  const home = path.join(folder, 'home of ada');
  mkdirSync(home, { mode: 0o700 });
  const dataDir = path.join(home, '.local/share/coffee-roadmap/postgres');
  const base = {
    ...{ PATH: process.env.PATH ?? '', HOME: home, USER: 'ada' },
    COFFEE_ROADMAP_PORT: '1', // a Compose stack that runs on this machine is not this one's
  };
  const ups: Up[] = [];

  const run: Machine['run'] = (args, env = {}) =>
    new Promise((resolve) => {
      const options = { env: { ...base, ...env }, cwd: home };
      execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });

  return {
    home,
    run,
    up(args = [], env = {}) {
      const up = startUp([program, 'up', '--json', ...args], { ...base, ...env }, home);
      ups.push(up);
      return up;
    },
    async json<T>(args: string[]) {
      const { code, stdout, stderr } = await run([...args, '--json']);
      if (code !== 0) throw new Error(`${args.join(' ')}: exit code ${code}: ${stderr}`);
      return JSON.parse(stdout) as T;
    },
    read: (file) => readFileSync(path.join(home, file), 'utf8'),
    async serverPid() {
      const server = await findRunningEmbeddedPostgres(dataDir);
      if (server === undefined) return undefined;
      const [pid] = readFileSync(path.join(server.dataDir, 'postmaster.pid'), 'utf8').split('\n');
      return isAlive(Number(pid)) ? Number(pid) : undefined;
    },
    async remove() {
      await Promise.all(ups.map((up) => up.end()));
      await removeEmbeddedPostgres(dataDir);
      for (const root of agentRoots(home)) rmSync(root, { recursive: true, force: true });
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
