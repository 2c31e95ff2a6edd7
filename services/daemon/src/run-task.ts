import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Identity } from '@coffee-roadmap/shared/git/message';
import type { Sandbox } from '@coffee-roadmap/shared/sandbox/sandbox';
import type { Hints } from '@coffee-roadmap/shared/tasks/hints';
import type { Hold } from '@coffee-roadmap/shared/tasks/hold';
import { keepLease } from '@coffee-roadmap/shared/tasks/keep-lease';
import { persist } from '@coffee-roadmap/shared/tasks/persist';
import { releaseTask, type Task } from '@coffee-roadmap/shared/tasks/queries';
import { runAttempt, type AttemptContext } from '@coffee-roadmap/shared/tasks/run-attempt';
import { runMerge } from '@coffee-roadmap/shared/tasks/run-merge';
import path from 'node:path';
import type { AgentPool } from './agents';
import type { DaemonConfig } from './config';
import type { Log } from './log';

export interface TaskContext {
  config: DaemonConfig;
  session: Session<'daemon'>;
  sandbox: Sandbox;
  /** Where the sandbox lets the agent work. */
  agentRoot: string;
  pool: AgentPool;
  hints: Hints;
  hold: Hold;
  log: Log;
  onWaiting: (waiting: boolean) => void;
}

export interface RunningTask {
  task: Task;
  /** Resolves when nothing of it runs any more; never rejects. */
  done: Promise<void>;
  /** Ends it without an outcome; another daemon, or this one later, goes on. */
  handBack(): void;
}

const SHUTDOWN = new AppError('failed', 'the daemon stops');

export function folderOfAttempt(agentRoot: string, attemptId: number): string {
  return path.join(agentRoot, 'workspaces', `attempt-${attemptId}`);
}

/** Starts a claimed task, keeps its lease, and cleans up after it. */
export function startTask(context: TaskContext, task: Task): RunningTask {
  const { config, session, hold, hints, log } = context;
  const abort = new AbortController();
  const lost = (): void => abort.abort(new AppError('lease_lost', 'the lease is gone'));
  const lease = keepLease(session, task, {
    hints,
    leaseMs: config.leaseMs,
    onLost: lost,
    onAway: (away) => hold.set('lease_unsure', away),
  });

  const shared: Omit<AttemptContext, 'folders'> = {
    session,
    task,
    hints,
    hold,
    sandbox: context.sandbox,
    identity: identityOf(session),
    agentFor: context.pool.agentFor,
    signal: abort.signal,
    onLost: lost,
    onError: (error) => log('error', error.message),
    onWaiting: context.onWaiting,
  };
  const folders = {
    mirrors: path.join(config.folder, 'mirrors'),
    credentials: config.credentials,
    workspaces: path.join(context.agentRoot, 'workspaces'),
    homes: path.join(context.agentRoot, 'homes'),
  };

  async function run(): Promise<void> {
    try {
      const outcome =
        task.kind === 'merge'
          ? await runMerge({ ...shared, folders })
          : await runAttempt({ ...shared, folders });
      log('info', `item ${task.itemId}: ${outcome}`);
    } catch (error) {
      await afterFailure(error);
    } finally {
      lease.end();
      hold.set('lease_unsure', false);
    }
  }

  async function afterFailure(error: unknown): Promise<void> {
    if (abort.signal.reason === SHUTDOWN) {
      const soon = AbortSignal.timeout(2_000);
      await persist(() => releaseTask(session, task), soon).catch(() => undefined);
      return;
    }
    const failure = toAppError(error);
    log(
      failure.code === 'lease_lost' ? 'info' : 'error',
      `item ${task.itemId}: ${failure.message}`,
    );
    if (failure.code === 'lease_lost' && task.attemptId !== null) {
      await context.sandbox.removeFolder(folderOfAttempt(context.agentRoot, task.attemptId));
    }
    // Anything else: the lease runs out by itself, so that a fault cannot become a busy loop.
  }

  return { task, done: run(), handBack: () => abort.abort(SHUTDOWN) };
}

function identityOf(session: Session<'daemon'>): Identity {
  return { name: `Coffee Roadmap (${session.me.name})`, email: 'daemon@coffee-roadmap.invalid' };
}
