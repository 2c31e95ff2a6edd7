import { isAlive } from '@coffee-roadmap/shared/postgres/processes';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { until } from '../../support/until';

/** A line of NDJSON. */
export type Event = Record<string, unknown> & { type?: string };

/** An `up` that runs. */
export interface Up {
  readonly pid: number;
  readonly events: Event[];
  stderr(): string;
  /** The first event that has these values, also a past one. */
  event(like: Event, timeoutMs?: number): Promise<Event>;
  /** Resolves with the exit code, or the signal. */
  readonly ended: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
  /** Ends it and its daemon, whatever state they are in. */
  end(): Promise<void>;
}

export function startUp(args: string[], env: Record<string, string>, cwd: string): Up {
  const child = spawn(process.execPath, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const events: Event[] = [];
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  createInterface({ input: child.stdout }).on('line', (line) => {
    events.push(JSON.parse(line) as Event);
  });
  const ended = new Promise<number | string>((resolve) => {
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  const over = (): boolean => child.exitCode !== null || child.signalCode !== null;

  return {
    pid: child.pid!,
    events,
    ended,
    stderr: () => stderr,
    kill: (signal) => void child.kill(signal),
    async event(like, timeoutMs = 30_000) {
      const find = (): Event | undefined =>
        events.find((one) => Object.entries(like).every(([key, value]) => one[key] === value));
      const what = `${JSON.stringify(like)} from up`;
      await until(what, () => find() !== undefined || over(), timeoutMs).catch((error: Error) => {
        throw new Error(`${error.message}\n${JSON.stringify(events, null, 1)}\n${stderr}`);
      });
      const found = find();
      if (found === undefined) throw new Error(`up ended without ${what}: ${stderr}`);
      return found;
    },
    async end() {
      if (!over()) child.kill('SIGTERM');
      await ended;
      const daemon = events.find((one) => one.type === 'up')?.daemon_pid;
      if (typeof daemon === 'number') await until('daemon ends', () => !isAlive(daemon));
    },
  };
}
