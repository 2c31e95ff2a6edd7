import type { Session } from '@coffee-roadmap/shared/db/session';
import { messageOf } from '@coffee-roadmap/shared/errors';
import { failpoint } from '@coffee-roadmap/shared/tasks/failpoint';
import type { Hold } from '@coffee-roadmap/shared/tasks/hold';
import { claimNextTask, type Task } from '@coffee-roadmap/shared/tasks/queries';
import type { AgentPool, Survey } from './agents';
import type { DaemonConfig } from './config';
import type { Log } from './log';
import type { RunningTask } from './run-task';

export interface TaskTaker {
  readonly running: readonly RunningTask[];
  readonly survey: Survey;
  /** Takes tasks until there is none, or no room. Called while it looks, it looks once more. */
  look(): Promise<void>;
  /** Takes nothing before so many milliseconds have passed. */
  rest(ms: number): void;
  /** Takes nothing more. */
  stop(): void;
}

/** Keeps as many tasks running as there is room for. */
export function createTaskTaker(options: {
  session: Session<'daemon'>;
  config: DaemonConfig;
  instance: string;
  pool: AgentPool;
  hold: Hold;
  log: Log;
  start: (task: Task) => RunningTask;
  onChange: () => void;
}): TaskTaker {
  const { session, config, instance, pool, hold, log } = options;
  const running = new Map<number, RunningTask>();
  let survey: Survey = { agents: [], projects: [], report: [] };
  let stopped = false;
  let looking = false;
  let lookAgain = false;
  let restUntil = 0;
  let alarm: NodeJS.Timeout | undefined;

  async function look(): Promise<void> {
    lookAgain = true;
    if (looking || Date.now() < restUntil) return;
    looking = true;
    try {
      while (lookAgain && !stopped) {
        lookAgain = false;
        survey = await pool.survey();
        while (running.size < config.parallel && mayTake()) {
          failpoint('before_claim');
          const task = await claimNextTask(session, { instance, ...config, ...survey });
          if (task === undefined) break;
          failpoint('after_claim');
          await begin(task);
        }
      }
    } catch (error) {
      // The poll comes round again; that the database is away has been said already.
      if (!hold.held) log('warn', `cannot look for work: ${messageOf(error)}`);
    } finally {
      looking = false;
    }
  }

  function mayTake(): boolean {
    return !stopped && !hold.held && Date.now() >= restUntil;
  }

  async function begin(task: Task): Promise<void> {
    const before = running.get(task.itemId);
    // After a reset, or a stop and a retry: its last run here may still be ending in the same clone.
    before?.drop();
    await before?.done;
    const entry = options.start(task);
    running.set(task.itemId, entry);
    options.onChange();
    void entry.done.then(() => {
      if (running.get(task.itemId) === entry) running.delete(task.itemId);
      options.onChange();
      void look();
    });
  }

  return {
    get running() {
      return [...running.values()];
    },
    get survey() {
      return survey;
    },
    look,
    rest(ms) {
      restUntil = Date.now() + ms;
      clearTimeout(alarm);
      alarm = setTimeout(() => void look(), ms + 10); // a timer may be early
    },
    stop() {
      stopped = true;
      clearTimeout(alarm);
    },
  };
}
