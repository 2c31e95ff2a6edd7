import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensurePrivateFolder } from '../config/paths';
import { projectRoot } from '../config/project-root';
import { keepLogShort, lengthOf, readComplaint } from './daemon-log';
import { noteDaemon } from './stray-daemon';

export interface DaemonProcess {
  readonly pid: number | undefined;
  /** Ends it gently; with force after ten seconds. */
  stop(): Promise<void>;
}

/** It ended by itself. */
export interface DaemonEnd {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** What it said was wrong; empty when it said nothing. */
  complaint: string[];
  /** Milliseconds until it is started again. */
  pauseMs: number;
}

export interface DaemonProcessOptions {
  /** The whole environment of the daemon. */
  env: Record<string, string>;
  /** What it says is appended here. */
  logFile: string;
  /** Where its pid is noted, so that a later start finds it; see endStrayDaemon. */
  noteFile?: string;
  onEnded?: (end: DaemonEnd) => void;
  /** Which of our programs; the daemon when left out. */
  program?: 'daemon' | 'dashboard';
  /** What it says over its channel. */
  onMessage?: (message: unknown) => void;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** One that ran so long did not fail at its start. */
const STEADY_MS = 60_000;
const STOP_MS = 10_000;

/** Runs the daemon, or the dashboard, as a process of its own; starts it again when it ends by itself. */
export function runDaemonProcess(options: DaemonProcessOptions): DaemonProcess {
  const { env, logFile, noteFile } = options;
  const program = path.join(projectRoot(), 'dist', `${options.program ?? 'daemon'}.js`);
  // The map of the whole bundle takes 30 MB of memory; names in a stack are right without it.
  const flags = env.COFFEE_ROADMAP_DEBUG === undefined ? [] : ['--enable-source-maps'];
  ensurePrivateFolder(path.dirname(logFile));
  let child: ChildProcess | undefined;
  let stopped = false;
  let pauseMs = FIRST_PAUSE_MS;
  let timer: NodeJS.Timeout | undefined;

  function start(): void {
    const startedAt = Date.now();
    keepLogShort(logFile);
    const from = lengthOf(logFile);
    const log = openSync(logFile, 'a', 0o600);
    child = spawn(process.execPath, [...flags, program], {
      env,
      // Into the file itself: it can still say something when we are gone. It learns from the
      // channel that we are.
      stdio: ['ignore', 'ignore', log, 'ipc'],
      // Ctrl-C in the terminal reaches us; we end it in our own order.
      detached: true,
    });
    closeSync(log);
    if (options.onMessage !== undefined) child.on('message', options.onMessage);
    if (noteFile !== undefined && child.pid !== undefined) noteDaemon(noteFile, child.pid);
    const ended = (
      code: number | null,
      signal: NodeJS.Signals | null,
      complaint: string[],
    ): void => {
      child = undefined;
      if (stopped) return;
      if (Date.now() - startedAt > STEADY_MS) pauseMs = FIRST_PAUSE_MS;
      timer = setTimeout(start, pauseMs);
      options.onEnded?.({ code, signal, complaint, pauseMs });
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    };
    child.once('exit', (code, signal) => ended(code, signal, readComplaint(logFile, from)));
    child.once('error', (error) => {
      if (child?.pid === undefined) ended(null, null, [error.message]); // it never began
    });
  }

  start();
  return {
    get pid() {
      return child?.pid;
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      if (child !== undefined) await end(child);
      if (noteFile !== undefined) rmSync(noteFile, { force: true });
    },
  };
}

function end(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.once('exit', () => {
      clearTimeout(force);
      resolve();
    });
    child.kill('SIGTERM');
  });
}
