import { spawn, type ChildProcess } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { projectRoot } from '../config/project-root';
import { ensurePrivateFolder } from '../config/paths';

export interface DaemonProcess {
  readonly pid: number | undefined;
  /** Ends it gently; with force after ten seconds. */
  stop(): Promise<void>;
}

export interface DaemonProcessOptions {
  /** The whole environment of the daemon. */
  env: Record<string, string>;
  logFile: string;
  /** Each line that it logs. */
  onLine?: (line: string) => void;
  /** It ended by itself and is started again after a pause. */
  onRestart?: (code: number | null, pauseMs: number) => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const STOP_MS = 10_000;

/** Runs the daemon as a process of its own and starts it again when it ends by itself. */
export function runDaemonProcess(options: DaemonProcessOptions): DaemonProcess {
  const program = path.join(projectRoot(), 'dist', 'daemon.js');
  ensurePrivateFolder(path.dirname(options.logFile));
  const log = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 });
  let child: ChildProcess | undefined;
  let stopped = false;
  let pauseMs = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    const startedAt = Date.now();
    child = spawn(process.execPath, ['--enable-source-maps', program], {
      env: options.env,
      stdio: ['ignore', 'ignore', 'pipe'],
      // Ctrl-C in the terminal reaches us; we end it in our own order.
      detached: true,
    });
    createInterface({ input: child.stderr! }).on('line', (line) => {
      log.write(`${line}\n`);
      options.onLine?.(line);
    });
    child.once('exit', (code) => {
      child = undefined;
      if (stopped) return;
      pauseMs = Date.now() - startedAt > 60_000 ? FIRST_PAUSE_MS : pauseMs;
      options.onRestart?.(code, pauseMs);
      timer = setTimeout(start, pauseMs);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    });
  }

  start();
  return {
    get pid() {
      return child?.pid;
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
      const ending = child;
      if (ending === undefined) return Promise.resolve();
      return new Promise((resolve) => {
        const force = setTimeout(() => ending.kill('SIGKILL'), STOP_MS);
        ending.once('exit', () => {
          clearTimeout(force);
          log.end();
          resolve();
        });
        ending.kill('SIGTERM');
      });
    },
  };
}
