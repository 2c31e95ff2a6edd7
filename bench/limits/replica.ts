import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { migrate } from '@coffee-roadmap/db/migrate';
import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { importBatch } from '@coffee-roadmap/shared/imports/queries';
import {
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import type { Client } from 'pg';
import { commitOnStandby, startStandby, STANDBY } from '../../tests/support/standby';
import { quantile } from '../figures/statistics';
import { makeUsage } from '../import/usage-records';
import { connect } from '../server/connect';

const SAMPLES = 50;
const ROUNDS = 3;
export const WAITS = ['off', 'on', 'remote_apply'] as const;
export type Waits = (typeof WAITS)[number];

export interface Replica {
  /** Milliseconds of an import of one record, until it is acknowledged. */
  commit: Record<Waits, { p50: number; p99: number }>;
  /** Milliseconds from an acknowledgement of the primary alone until the standby shows the row. */
  behind: { p50: number; p99: number };
}

/** Two clusters on this machine's one disk: what a standby costs a commit, and how far it is behind. */
export async function measureReplica(): Promise<Replica> {
  const folder = path.join(projectRoot(), 'dist', `bench-replica-${process.pid}`);
  const [main, copy] = [path.join(folder, 'primary'), path.join(folder, 'standby')];
  const primary = await startEmbeddedPostgres({ dataDir: main, durable: true });
  try {
    await migrate(primary.superuserUrl);
    const standby = await startStandby(primary, copy);
    const root = await connect(primary.superuserUrl);
    const reader = await connect(standby.superuserUrl);
    const password = 'for this run only';
    const url = new URL(primary.superuserUrl);
    url.username = await ensureLogin(url.href, { kind: 'person', name: 'bench', password });
    url.password = password;
    const session = await openSession(url.href, 'person', { connections: 1 });
    const machineId = randomUUID();
    const sample = async (name: string): Promise<number> => {
      const records = makeUsage(machineId, name, 1);
      const begin = performance.now();
      await importBatch({ session }, { machineId, road: 'direct', records });
      return performance.now() - begin;
    };
    const times: Record<Waits, number[]> = { off: [], on: [], remote_apply: [] };
    const behind: number[] = [];
    for (let turn = 0; turn < ROUNDS * WAITS.length; turn += 1) {
      const how = WAITS[turn % WAITS.length]!;
      await commitOnStandby(primary.superuserUrl, how);
      await untilState(root, how === 'off' ? 'async' : 'sync');
      for (let n = 0; n < SAMPLES; n += 1) {
        times[how].push(await sample(`turn${turn}-${n}`));
        if (how === 'off') behind.push(await lag(root, reader));
      }
    }
    await Promise.all([session.close(), root.end(), reader.end()]);
    const shares = (list: number[]) => ({ p50: quantile(list, 0.5), p99: quantile(list, 0.99) });
    return {
      commit: {
        off: shares(times.off),
        on: shares(times.on),
        remote_apply: shares(times.remote_apply),
      },
      behind: shares(behind),
    };
  } finally {
    for (const dataDir of [copy, main]) await removeEmbeddedPostgres(dataDir);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function untilState(root: Client, state: string): Promise<void> {
  const sql = `select from pg_stat_replication where application_name = '${STANDBY}'
    and sync_state = '${state}' and state = 'streaming'`;
  while ((await root.query(sql)).rowCount === 0);
}

/** The position of the log is taken after the acknowledgement, and asked for on the other side until it is there. */
async function lag(root: Client, reader: Client): Promise<number> {
  const begin = performance.now();
  const { rows } = await root.query<{ at: string }>('select pg_current_wal_lsn()::text as at');
  const there = `select from (select pg_last_wal_replay_lsn()) r (at) where r.at >= '${rows[0]!.at}'`;
  while ((await reader.query(there)).rowCount === 0);
  return performance.now() - begin;
}
