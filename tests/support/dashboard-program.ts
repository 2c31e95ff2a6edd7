import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { builtPrograms } from './built-programs';
import { asVariables } from './variables';

/** The real dashboard, as users run it: the built program in a process of its own. */
export interface DashboardProgram {
  readonly address: string;
  /** Of its own: HOME and below. */
  readonly home: string;
  readonly log: () => string;
  /** Exit code of its health check. */
  health(): Promise<number | null>;
  /** Ends it gently; exit code and what it took. */
  stop(): Promise<number | null>;
}

export interface DashboardBuild {
  /** Settings as for the bot. Throws with what it said when it ends. */
  start(settings: Record<string, string>): Promise<DashboardProgram>;
  close(): Promise<void>;
}

export function buildDashboard(): DashboardBuild {
  const file = path.join(builtPrograms(), 'dashboard.js');
  const running: DashboardProgram[] = [];
  return {
    async start(settings) {
      const program = await start(file, settings);
      running.push(program);
      return program;
    },
    async close() {
      await Promise.all(running.map((program) => program.stop()));
    },
  };
}

async function start(file: string, settings: Record<string, string>): Promise<DashboardProgram> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'coffee dashboard '));
  const env = {
    PATH: process.env.PATH,
    HOME: home,
    COFFEE_ROADMAP_DASHBOARD_PORT: '0',
    ...asVariables('COFFEE_ROADMAP_DASHBOARD_', settings),
  };
  const child = spawn(process.execPath, [file], {
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let log = '';
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => (log += chunk));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const address = await new Promise<string>((resolve, reject) => {
    child.once('message', (message: { address: string }) => resolve(message.address));
    void ended.then(() => reject(new Error(log)));
  });
  return {
    address,
    home,
    log: () => log,
    health: () => {
      const port = new URL(address).port;
      const asked = spawn(process.execPath, [file, 'health'], {
        env: { ...env, COFFEE_ROADMAP_DASHBOARD_PORT: port },
        stdio: 'ignore',
      });
      return new Promise((resolve) => asked.once('exit', resolve));
    },
    async stop() {
      const code = await end(child, ended);
      rmSync(home, { recursive: true, force: true });
      return code;
    },
  };
}

async function end(child: ChildProcess, ended: Promise<number | null>): Promise<number | null> {
  const force = setTimeout(() => child.kill('SIGKILL'), 10_000);
  child.kill('SIGTERM');
  const code = await ended;
  clearTimeout(force);
  return code;
}
