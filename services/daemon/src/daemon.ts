import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { ensurePrivateFolder } from '@coffee-roadmap/shared/config/paths';
import { passEnvironmentToGit } from '@coffee-roadmap/shared/git/environment';
import { openSandbox } from '@coffee-roadmap/shared/sandbox/open-sandbox';
import { attachInstance } from '@coffee-roadmap/shared/tasks/attach';
import { failpoint } from '@coffee-roadmap/shared/tasks/failpoint';
import { createHints } from '@coffee-roadmap/shared/tasks/hints';
import { createHold } from '@coffee-roadmap/shared/tasks/hold';
import { persist } from '@coffee-roadmap/shared/tasks/persist';
import { claimNextTask, listOpenAttempts } from '@coffee-roadmap/shared/tasks/queries';
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { createAgentPool, type Survey } from './agents';
import type { DaemonConfig } from './config';
import { createLog } from './log';
import { folderOfAttempt, startTask, type RunningTask, type TaskContext } from './run-task';
import { createReporter } from './reporter';

export interface Daemon {
  /** Ends the agents, gives the leases back, says goodbye. */
  stop(): Promise<void>;
}

/** Connects as the daemon's login and works until stopped. Throws what makes a start impossible. */
export async function startDaemon(config: DaemonConfig): Promise<Daemon> {
  const session: Session<'daemon'> = await openSession(config.url, 'daemon', { connections: 6 });
  const log = createLog(session);
  passEnvironmentToGit({ PATH: config.path });
  ensurePrivateFolder(config.folder);
  const sandbox = await openSandbox({
    // Of this daemon alone: opening it ends what a killed daemon's agents left running there.
    root: path.join(config.folder, 'agents', session.me.id),
    hide: config.hide,
  });
  const agentRoot = sandbox.root;
  const hints = createHints();
  const hold = createHold();
  const instance = randomUUID();
  const pool = createAgentPool(session, config);
  const running = new Map<number, RunningTask>();
  let waiting = 0;
  let survey: Survey = { agents: [], projects: [], report: [] };
  let stopping = false;
  let looking = false;
  let lookAgain = false;

  const reporter = createReporter({
    session,
    config,
    sandbox,
    hold,
    log,
    running: () => [...running.values()].map((entry) => entry.task),
    waiting: () => waiting,
    agents: () => survey.report,
  });
  const context: TaskContext = {
    config,
    session,
    sandbox,
    agentRoot,
    pool,
    hints,
    hold,
    log,
    onWaiting(more) {
      waiting += more ? 1 : -1;
      reporter.report();
    },
  };

  /** Takes tasks until there is none, or no room. Calls while it looks make it look once more. */
  async function look(): Promise<void> {
    lookAgain = true;
    if (looking) return;
    looking = true;
    try {
      while (lookAgain && !stopping) {
        lookAgain = false;
        survey = await pool.survey();
        while (running.size < config.parallel && !stopping && !hold.held) {
          failpoint('before_claim');
          const task = await claimNextTask(session, { instance, ...config, ...survey });
          if (task === undefined) break;
          failpoint('after_claim');
          begin(task);
        }
      }
    } catch (error) {
      // The poll comes round again; a database that is away reports itself through the listener.
      log('warn', `cannot look for work: ${(error as Error).message}`);
    } finally {
      looking = false;
    }
  }

  function begin(task: Parameters<typeof startTask>[1]): void {
    log('info', `item ${task.itemId}: ${task.takenOver ? 'goes on' : task.kind}`);
    const entry = startTask(context, task);
    running.set(task.itemId, entry);
    reporter.report();
    void entry.done.then(() => {
      running.delete(task.itemId);
      reporter.report();
      void look();
    });
  }

  await removeOldWorkspaces(context);
  const attachment = await attachInstance(config.url, instance);
  await reporter.start();
  const listener = await session.listen({
    channels: ['coffee_roadmap', 'coffee_notifications', 'coffee_control'],
    pollMs: config.pollMs,
    onConnected: (connected) => hold.set('database_away', !connected),
    onHint(hint) {
      hints.publish(hint);
      if (hint.channel === 'coffee_control') void reporter.report().then(look);
      if (hint.channel === 'coffee_roadmap' || hint.channel === 'catch_up') void look();
    },
  });
  log('info', `${session.me.name} serves ${session.me.teams.join(', ')}; ${sandbox.description}`);

  return {
    async stop() {
      stopping = true;
      for (const entry of running.values()) entry.handBack();
      await Promise.all([...running.values()].map((entry) => entry.done));
      await listener.close();
      await reporter.stop();
      await attachment.close();
      await session.close();
    },
  };
}

/** Folders of attempts that have ended, or went on elsewhere while this daemon was away. */
async function removeOldWorkspaces({ session, sandbox, agentRoot }: TaskContext): Promise<void> {
  const folder = path.join(agentRoot, 'workspaces');
  const ids = (existsSync(folder) ? readdirSync(folder) : []).flatMap((name) => {
    const id = /^attempt-(\d+)$/.exec(name)?.[1];
    return id === undefined ? [] : [Number(id)];
  });
  const open = new Set(await persist(() => listOpenAttempts(session, ids)));
  for (const id of ids.filter((id) => !open.has(id))) {
    await sandbox.removeFolder(folderOfAttempt(agentRoot, id));
  }
}
