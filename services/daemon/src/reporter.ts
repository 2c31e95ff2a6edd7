import type { Session } from '@coffee-roadmap/shared/db/session';
import type { Sandbox } from '@coffee-roadmap/shared/sandbox/sandbox';
import type { Hold } from '@coffee-roadmap/shared/tasks/hold';
import { reportStatus, type DaemonReport, type Task } from '@coffee-roadmap/shared/tasks/queries';
import type { Survey } from './agents';
import type { DaemonConfig } from './config';
import type { Log } from './log';

export interface Reporter {
  start(): Promise<void>;
  /** Tells people what the daemon does now, and learns whether it is to pause. Never rejects. */
  report(): Promise<void>;
  stop(): Promise<void>;
}

export const VERSION = '0.1.0';

export function createReporter(options: {
  session: Session<'daemon'>;
  config: DaemonConfig;
  sandbox: Sandbox;
  hold: Hold;
  log: Log;
  running: () => Task[];
  waiting: () => number;
  /** What hinders the work that no question says; null: nothing. */
  note: () => string | null;
  agents: () => Survey['report'];
}): Reporter {
  const { session, config, sandbox, hold } = options;
  const startedAt = new Date().toISOString();
  let paused = false;
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let last: Promise<void> = Promise.resolve();

  function stateNow(): DaemonReport['state'] {
    const count = options.running().length;
    if (paused) return 'paused';
    if (count === 0) return 'idle';
    return options.waiting() >= count ? 'waiting' : 'working';
  }

  /** One after the other: over another connection an earlier one could arrive after a later one. */
  function send(state: () => DaemonReport['state']): Promise<void> {
    const sent = last.then(() => write(state()));
    last = sent.catch(() => undefined);
    return sent;
  }

  async function write(state: DaemonReport['state']): Promise<void> {
    const [task] = options.running();
    const row = await reportStatus(session, {
      state,
      item_id: task?.itemId ?? null,
      attempt_id: task?.attemptId ?? null,
      note: options.note()?.slice(0, 2_000) ?? null,
      version: VERSION,
      host: config.host,
      isolated: sandbox.isolated,
      isolation: sandbox.description,
      agents: options.agents() as never,
      started_at: startedAt,
    });
    const wanted = row.paused_at !== null;
    if (wanted === paused || stopped) return;
    paused = wanted;
    hold.set('paused', paused);
    options.log('info', paused ? 'paused' : 'resumed');
    await write(stateNow());
  }

  async function report(): Promise<void> {
    clearTimeout(timer);
    try {
      if (!stopped) await send(stateNow);
    } catch (error) {
      options.log('warn', `cannot report: ${(error as Error).message}`);
    }
    if (stopped) return;
    clearTimeout(timer);
    timer = setTimeout(() => void report(), config.beatMs);
  }

  return {
    report,
    async start() {
      await send(() => 'starting');
      await report();
    },
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await send(() => 'stopped').catch(() => undefined);
    },
  };
}
