import type { Client } from 'pg';
import { PGBOUNCER, startPooler } from '../../tests/support/pooler';
import { median } from '../figures/statistics';
import { figuresOf } from '../footprint/process-figures';
import type { BenchServer } from '../server/bench-server';
import { connect } from '../server/connect';

const IDLE = 80;
const CALLS = 30;
const CLIENTS = 300;
const LOGINS = 20;

export interface Connections {
  /** What the server lets in at once. */
  most: number;
  /** Megabytes of the server's memory for one that was asked something and is idle; NaN elsewhere. */
  megabytes: number;
  /** Milliseconds to connect, ask who one is, and leave. */
  direct: number;
  /** The same by way of pgbouncer; undefined where there is none. */
  pooled: number | undefined;
  /** Of 300 clients at once, how many were served: directly, and by way of pgbouncer. */
  served: { direct: number; pooled: number | undefined };
}

const WHO = 'select * from coffee.whoami()';

export async function measureConnections(server: BenchServer): Promise<Connections> {
  const database = await server.database('connections', { migrated: true });
  const urls: string[] = [];
  for (let n = 0; n < LOGINS; n += 1) urls.push(await database.login('person', `bench-${n}`));
  const superuser = await connect(database.url);
  const { rows } = await superuser.query<{ max_connections: string }>('show max_connections');
  await superuser.end();
  const pooler =
    PGBOUNCER === undefined
      ? undefined
      : await startPooler(database.url, { max_db_connections: '60', default_pool_size: '3' });
  const through = pooler && ((url: string): string => pooler.through(url));
  try {
    return {
      most: Number(rows[0]!.max_connections),
      megabytes: await memoryOfOne(server, urls),
      direct: await visit(urls[0]!),
      pooled: through && (await visit(through(urls[0]!))),
      served: {
        direct: await rush(urls),
        pooled: through && (await rush(urls.map(through))),
      },
    };
  } finally {
    await pooler?.close();
  }
}

/** Megabytes; NaN for a server that is not our own. */
export async function memoryOfOne(server: BenchServer, urls: string[]): Promise<number> {
  if (server.pid === undefined) return NaN;
  const before = figuresOf(server.pid).pssMb;
  const open: Client[] = [];
  for (let n = 0; n < IDLE; n += 1) {
    const client = await connect(urls[n % urls.length]!);
    await client.query(WHO);
    open.push(client);
  }
  const after = figuresOf(server.pid).pssMb;
  await Promise.all(open.map((client) => client.end()));
  return (after - before) / IDLE;
}

async function visit(url: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < CALLS; n += 1) {
    const begin = performance.now();
    const client = await connect(url);
    await client.query(WHO);
    await client.end();
    times.push(performance.now() - begin);
  }
  return median(times);
}

/** All at once, as when a meeting ends: each asks once and leaves. How many got an answer. */
async function rush(urls: string[]): Promise<number> {
  const clients = Array.from({ length: CLIENTS }, async (_, n) => {
    const client = await connect(urls[n % urls.length]!);
    try {
      // Held for a moment, as a person's session is.
      await client.query(`${WHO}, lateral (select from generate_series(1, 20000)) busy limit 1`);
    } finally {
      await client.end().catch(() => undefined);
    }
  });
  return (await Promise.allSettled(clients)).filter(({ status }) => status === 'fulfilled').length;
}
