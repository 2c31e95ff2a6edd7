/** The sandbox of the Compose stack: the agent's own container, reached over a Unix socket. */
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../errors';
import { readToEnd } from '../read-to-end';
import type { Sandbox, SandboxProcess } from '../sandbox';
import { openConnection, type Connection } from './connection';
import { RemoteProcess } from './remote-process';

const LONGEST_WAIT_MS = 60_000;
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 2_000;
/** Until the loss of the container is noticed, of which a lost process is mostly a part. */
const NOTICED_MS = 500;

/**
 * Connects, and again whenever the container comes back. `name` is the daemon's id. Throws
 * `not_reachable` where nobody answers for a minute.
 */
export async function openContainer(socketPath: string, name: string): Promise<Sandbox> {
  const processes = new WeakMap<SandboxProcess, RemoteProcess>();
  const followers = new Set<(reached: boolean) => void>();
  let connection = await openWithin(LONGEST_WAIT_MS);
  let reached = true;
  let closed = false;
  const { root } = connection;
  void watch();

  async function openWithin(patienceMs: number): Promise<Connection> {
    const end = performance.now() + patienceMs;
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      try {
        return await openConnection(socketPath, name);
      } catch (error) {
        if (performance.now() > end) throw error;
        await pause(pauseMs);
      }
    }
  }

  async function watch(): Promise<void> {
    while (!closed) {
      await connection.gone;
      if (closed) return;
      tell(false);
      connection = await openWithin(Infinity);
      if (closed) connection.close();
      else tell(true);
    }
  }

  function tell(now: boolean): void {
    reached = now;
    for (const follower of [...followers]) follower(now);
  }

  const spawn: Sandbox['spawn'] = ({ command, args, cwd, env }) => {
    const order = { token: connection.token, command, args, cwd, env };
    const { gone } = connection;
    const lost = () => Promise.race([gone, pause(NOTICED_MS)]);
    const child = new RemoteProcess(randomUUID(), connect(socketPath), order, lost);
    processes.set(child, child);
    return child;
  };

  const end: Sandbox['end'] = async (child, graceMs) => {
    const there = processes.get(child);
    await there?.started;
    const { gone } = connection;
    // With the connection everything goes that ran over it.
    await Promise.race([connection.call('end', there?.name, graceMs).catch(ifAway), gone]);
  };

  return {
    kind: 'container',
    isolated: true,
    description: 'agent in a container of its own, without a network but the egress proxy',
    root,
    prepareFolder: async (folder) => void (await connection.call('prepareFolder', folder)),
    removeFolder: async (folder) => void (await connection.call('removeFolder', folder)),
    listFolder: async (folder) => (await connection.call('listFolder', folder)) as string[],
    findProgram: async (file, searchPath) =>
      ((await connection.call('findProgram', file, searchPath)) as string | null) ?? undefined,
    // The container is made of the same image: what lies here in it lies there in the same place.
    expose: async (file) => file,
    spawn,
    run: (command) => {
      const child = spawn(command);
      return readToEnd(child, command, () => end(child, 0));
    },
    signal: (child, signal) => {
      const there = processes.get(child);
      const { send } = connection;
      void there?.started.then(() => send({ op: 'signal', process: there.name, signal }));
    },
    end,
    followReach: (receive) => {
      followers.add(receive);
      receive(reached);
      return () => void followers.delete(receive);
    },
    close: async () => {
      closed = true;
      connection.close();
      await connection.gone;
    },
  };
}

function ifAway(error: unknown): void {
  if (!(error instanceof AppError) || error.code !== 'not_reachable') throw error;
}
