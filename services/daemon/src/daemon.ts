import { ensurePrivateFolder } from '@coffee-roadmap/shared/config/paths';
import { messageOf } from '@coffee-roadmap/shared/errors';
import { passEnvironmentToGit } from '@coffee-roadmap/shared/git/environment';
import { openContainer } from '@coffee-roadmap/shared/sandbox/container/open-container';
import { openSandbox } from '@coffee-roadmap/shared/sandbox/open-sandbox';
import { attachInstance } from '@coffee-roadmap/shared/tasks/attach';
import { createHints } from '@coffee-roadmap/shared/tasks/hints';
import { createHold } from '@coffee-roadmap/shared/tasks/hold';
import { sendLeftTraces } from '@coffee-roadmap/shared/tasks/trace-attempt';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createAgentPool } from './agents';
import type { DaemonConfig } from './config';
import { createLog } from './log';
import { logIn, mustHaveGit } from './log-in';
import { beOnlyOne } from './only-one';
import { createReporter } from './reporter';
import { startTask } from './run-task';
import { createTaskTaker } from './take-tasks';
import { startUpkeep } from './upkeep';
import { removeOldWorkspaces, tracesOf } from './work-folders';

export interface Daemon {
  /** Ends the agents, gives the leases back, says goodbye. */
  stop(): Promise<void>;
}

/** A git that waits for its remote does not hear us; its task is gone on with elsewhere. */
const STOP_MS = 8_000;

/** Connects as the daemon's login and works until stopped. Throws what makes a start impossible. */
export async function startDaemon(config: DaemonConfig): Promise<Daemon> {
  passEnvironmentToGit({ ...config.gitEnvironment, PATH: config.path });
  await mustHaveGit();
  const session = await logIn(config);
  const { me } = session;
  const log = createLog(session);
  ensurePrivateFolder(config.folder);
  // Of this daemon alone: opening it ends what a killed daemon's agents left running there.
  const folder = ensurePrivateFolder(path.join(config.folder, 'agents', me.id));
  const leave = beOnlyOne(folder, me.name);
  const sandbox = await (config.agentSocket === undefined
    ? openSandbox({ root: folder, hide: config.hide })
    : openContainer(config.agentSocket, me.id));
  const hints = createHints();
  const hold = createHold();
  const instance = randomUUID();
  const pool = createAgentPool(session, config, sandbox);
  const hindrances = new Map<number, string>();
  let waiting = 0;
  let away = false;

  const shared = { session, config, sandbox, pool, hints, hold, log };
  const taker = createTaskTaker({
    ...{ ...shared, instance },
    onChange: () => void reporter.report(),
    start: (task) =>
      startTask(
        {
          ...shared,
          onWaiting(more) {
            waiting += more ? 1 : -1;
            void reporter.report();
          },
          onHindered(itemId, why) {
            if (why === null && !hindrances.delete(itemId)) return;
            if (why !== null) hindrances.set(itemId, why);
            if (why !== null) log('warn', why);
            void reporter.report();
          },
        },
        task,
      ),
  });
  const reporter = createReporter({
    ...shared,
    running: () => taker.running.map((entry) => entry.task),
    waiting: () => waiting,
    note: () => [...hindrances.values()].join('\n') || null,
    agents: () => taker.survey.report,
  });

  function clearAway(): Promise<void> {
    const running = (id: number) => taker.running.some(({ task }) => task.attemptId === id);
    return removeOldWorkspaces(session, sandbox, running).catch((error: unknown) =>
      log('warn', `cannot clear old work folders away: ${messageOf(error)}`),
    );
  }
  function beatAll(): void {
    for (const entry of taker.running) entry.beat();
  }
  function onConnected(connected: boolean): void {
    if (!connected) {
      for (const entry of taker.running) entry.doubt();
      log('warn', 'the database is away: agents are held until it answers');
    } else if (away) {
      log('info', 'the database answers again');
      // However long it was away: those who had work before come first.
      taker.rest(config.graceMs);
    }
    away = !connected;
    hold.set('database_away', away);
  }

  /** Its agents are gone with it: others, or we later, go on where they were. */
  function onReach(reached: boolean): void {
    if (!reached) for (const entry of taker.running) entry.handBack();
    if (!reached) log('warn', 'the agent’s container is away: its work goes on when it is back');
    hold.set('sandbox_away', !reached);
  }

  await clearAway();
  await sendLeftTraces(session, tracesOf(config, me.id), (error) => log('warn', error.message));
  sandbox.followReach(onReach);
  const attachment = await attachInstance(config.url, instance, beatAll);
  await reporter.start();
  const listener = await session.listen({
    channels: ['coffee_roadmap', 'coffee_notifications', 'coffee_control'],
    pollMs: config.pollMs,
    onConnected,
    onHint(hint) {
      hints.publish(hint);
      const { channel } = hint;
      // A reset says nothing else, and leaves folders behind that nobody goes on in.
      if (channel === 'coffee_control' && hint.id === null) void clearAway();
      if (channel === 'coffee_control') void reporter.report().then(taker.look);
      if (channel === 'coffee_roadmap' || channel === 'catch_up') void taker.look();
    },
  });
  hold.follow((held) => {
    if (!held) void taker.look();
  });
  const upkeep = startUpkeep(session, config, log);
  log('info', `${me.name} serves ${me.teams.join(', ')}; ${sandbox.description}`);

  return {
    async stop() {
      taker.stop();
      for (const entry of taker.running) entry.handBack();
      await Promise.race([
        Promise.all([...taker.running.map((entry) => entry.done), upkeep.stop()]),
        pause(STOP_MS, undefined, { ref: false }),
      ]);
      await Promise.all(taker.running.map((entry) => entry.giveBack()));
      await listener.close();
      await reporter.stop();
      await attachment.close();
      await sandbox.close();
      leave();
      await session.close();
    },
  };
}
