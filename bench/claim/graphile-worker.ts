import { Logger, makeWorkerUtils, runTaskList, type WorkerEvents } from 'graphile-worker';
import { EventEmitter } from 'node:events';
import { Pool, type PoolClient } from 'pg';
import type { BenchServer } from '../server/bench-server';
import { execute } from '../server/connect';
import { WORKERS, type Contender } from './contender';

const TASK = 'bench';
const quiet = new Logger(() => () => undefined);

/** graphile-worker without its batches: no local queue, each completion a statement of its own. */
export async function openGraphileWorker(server: BenchServer): Promise<Contender> {
  const { url } = await server.database('graphile');
  let completed = (_id: string): void => undefined;
  const pool = new Pool({ connectionString: url, max: WORKERS });
  pool.on('error', () => undefined);
  pool.on('connect', (client) => {
    client.on('error', () => undefined);
    watch(client, (id) => completed(id));
  });
  const utils = await makeWorkerUtils({ pgPool: pool, logger: quiet });
  await utils.migrate();

  async function drain(count: number): Promise<number[]> {
    const events: WorkerEvents = new EventEmitter();
    const askedAt = new Map<string, number>();
    const startedAt = new Map<string, number>();
    const times: number[] = [];
    events.on('worker:getJob:start', ({ worker }) =>
      askedAt.set(worker.workerId, performance.now()),
    );
    events.on('job:start', ({ worker, job }) =>
      startedAt.set(String(job.id), askedAt.get(worker.workerId)!),
    );
    const all = new Promise<void>((resolve) => {
      completed = (id) => {
        times.push(performance.now() - startedAt.get(id)!);
        if (times.length === count) resolve();
      };
    });
    const workers = runTaskList(
      { events, logger: quiet, noHandleSignals: true, concurrency: WORKERS },
      { [TASK]: () => undefined },
      pool,
    );
    await all;
    await workers.gracefulShutdown();
    return times;
  }

  return {
    name: 'graphile-worker',
    async fill(count) {
      await utils.addJobs(
        Array.from({ length: count }, (_, n) => ({ identifier: TASK, payload: { n } })),
      );
      await execute(url, 'vacuum analyze');
    },
    drain,
    async close() {
      await utils.release();
      await pool.end();
    },
  };
}

/** Its workers do not wait for their own completions: a task ends where that statement returns. */
function watch(client: PoolClient, completed: (id: string) => void): void {
  const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>;
  const watched = async (...args: unknown[]): Promise<unknown> => {
    const result = await query(...args);
    const [statement] = args as [{ name?: string; values?: unknown[] } | string];
    if (typeof statement === 'object' && statement.name?.startsWith('complete_job') === true) {
      completed(String(statement.values?.[0]));
    }
    return result;
  };
  Object.assign(client, { query: watched });
}
