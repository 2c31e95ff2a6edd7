import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError, messageOf } from '@coffee-roadmap/shared/errors';
import type { Identity } from '@coffee-roadmap/shared/git/message';
import type { Sandbox } from '@coffee-roadmap/shared/sandbox/sandbox';
import type { AttemptContext } from '@coffee-roadmap/shared/tasks/attempt';
import type { Hints } from '@coffee-roadmap/shared/tasks/hints';
import type { Hold } from '@coffee-roadmap/shared/tasks/hold';
import { keepLease } from '@coffee-roadmap/shared/tasks/keep-lease';
import { persist } from '@coffee-roadmap/shared/tasks/persist';
import { getAssignment, releaseTask, type Task } from '@coffee-roadmap/shared/tasks/queries';
import { runAttempt } from '@coffee-roadmap/shared/tasks/run-attempt';
import { runMerge } from '@coffee-roadmap/shared/tasks/run-merge';
import type { AgentPool } from './agents';
import type { DaemonConfig } from './config';
import type { Log } from './log';
import { homesIn, mirrorsIn, tracesOf, workspaceOf, workspacesIn } from './work-folders';

export interface TaskContext {
  config: DaemonConfig;
  session: Session<'daemon'>;
  sandbox: Sandbox;
  pool: AgentPool;
  hints: Hints;
  hold: Hold;
  log: Log;
  onWaiting: (waiting: boolean) => void;
  onHindered: (itemId: number, why: string | null) => void;
}

export interface RunningTask {
  task: Task;
  /** Resolves when nothing of it runs any more; never rejects. */
  done: Promise<void>;
  /** Ends it without an outcome; another daemon, or this one later, goes on. */
  handBack(): void;
  /** Gives the lease back although something of it may still run, for a process that ends. */
  giveBack(): Promise<void>;
  /** Somebody else has it, or this daemon once more: ends it and changes nothing. */
  drop(): void;
  /** Asks the database now whether it is still ours. */
  beat(): void;
  /** Nobody can tell whether it is still ours until the database answers. */
  doubt(): void;
}

/** Longer than this nobody waits for a daemon that is told to end; the lease runs out then. */
const GIVE_BACK_MS = 2_000;
const SHUTDOWN = new AppError('failed', 'the daemon stops');

/** Starts a claimed task, keeps its lease, and cleans up after it. */
export function startTask(context: TaskContext, task: Task): RunningTask {
  const { config, session, hold, hints, log, sandbox } = context;
  const abort = new AbortController();
  const lost = (): void => abort.abort(new AppError('lease_lost', 'the lease is gone'));
  const lease = keepLease(session, task, {
    hints,
    leaseMs: config.leaseMs,
    onLost: lost,
    onUnsure: (unsure) => hold.set(`lease_unsure:${task.itemId}`, unsure),
  });

  const shared: Omit<AttemptContext, 'folders'> = {
    session,
    task,
    hints,
    hold,
    sandbox,
    identity: identityOf(session),
    agentFor: context.pool.agentFor,
    signal: abort.signal,
    retryMs: config.retryMs,
    minuteMs: config.minuteMs,
    onLost: lost,
    onError: (error) => log('error', `item ${task.itemId}: ${error.message}`),
    onWaiting: context.onWaiting,
    onHindered: (why) => context.onHindered(task.itemId, why),
    traceContent: config.traceContent,
  };
  const folders = {
    mirrors: mirrorsIn(config),
    credentials: config.credentials,
    workspaces: workspacesIn(sandbox),
    homes: homesIn(sandbox),
    traces: tracesOf(config, session.me.id),
  };

  async function run(): Promise<void> {
    let name = `item ${task.itemId}`;
    try {
      const assignment = await persist(() => getAssignment(session, task), abort.signal);
      const { item, project } = assignment;
      name = `${project.name}/${item.number}`;
      log('info', `${beginning(task)} ${name}, ${item.title}`);
      const end =
        task.kind === 'merge'
          ? await runMerge({ ...shared, folders }, assignment)
          : await runAttempt({ ...shared, folders }, assignment);
      log('info', `${name}: ${end.outcome}: ${firstLine(end.reason)}`);
    } catch (error) {
      await afterFailure(error, name);
    } finally {
      lease.end();
      hold.set(`lease_unsure:${task.itemId}`, false);
      context.onHindered(task.itemId, null);
    }
  }

  async function afterFailure(error: unknown, name: string): Promise<void> {
    if (abort.signal.reason === SHUTDOWN) {
      await giveBack();
      return log('info', `${name}: given back`);
    }
    const failure = toAppError(error);
    log(failure.code === 'lease_lost' ? 'info' : 'error', `${name}: ${failure.message}`);
    if (failure.code === 'lease_lost' && task.attemptId !== null) {
      await sandbox.removeFolder(workspaceOf(sandbox, task.attemptId));
    }
    if (failure.code === 'agent_missing') await waitForAgent(failure);
    // Anything else: the lease runs out by itself, so that a fault cannot become a busy loop.
  }

  async function giveBack(): Promise<void> {
    const soon = AbortSignal.timeout(GIVE_BACK_MS);
    await persist(() => releaseTask(session, task), soon).catch(() => undefined);
  }

  async function waitForAgent(failure: AppError): Promise<void> {
    const { project, attempt } = await persist(() => getAssignment(session, task), abort.signal);
    context.pool.vanished(project, attempt?.agent ?? project.agent, failure);
    await giveBack();
  }

  return {
    task,
    done: run().catch((error: unknown) => log('error', messageOf(error))),
    handBack: () => abort.abort(SHUTDOWN),
    giveBack,
    drop: lost,
    beat: () => lease.beat(),
    doubt: () => lease.doubt(),
  };
}

function beginning({ kind, takenOver }: Task): string {
  if (kind === 'merge') return 'merges';
  return takenOver ? 'goes on with' : 'takes';
}

function firstLine(text: string | null | undefined): string {
  return (text ?? '').trim().split('\n', 1)[0]!.slice(0, 300);
}

function identityOf(session: Session<'daemon'>): Identity {
  return { name: `Coffee Roadmap (${session.me.name})`, email: 'daemon@coffee-roadmap.invalid' };
}
