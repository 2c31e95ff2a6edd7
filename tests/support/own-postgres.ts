import { migrate } from '@coffee-roadmap/db/migrate';
import {
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openTestDatabase, query, type TestDatabase } from './database';
import { mountSmallVolume, type SmallVolume } from './small-volume';
import { databaseUrl } from './template';
import { until } from './until';

/** A Postgres server of the test's own, to be stopped and started while others use it. */
export interface OwnPostgres {
  database: TestDatabase;
  /** Where it was asked for and could be made. */
  volume: SmallVolume | undefined;
  /** Everybody is sent away, as at a restart of the service. */
  stop(): Promise<void>;
  /** On the same port as before; does nothing while it runs. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** `megabytes`: on a volume of that size, durable, because it may be ended by a disk that is full. */
export async function startOwnPostgres(
  options: { megabytes?: number; settings?: Record<string, string> } = {},
): Promise<OwnPostgres> {
  const { megabytes, settings } = options;
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-roadmap-own-'));
  chmodSync(folder, 0o755); // as root the server runs as another account
  const volume = megabytes === undefined ? undefined : mountSmallVolume(folder, megabytes);
  const dataDir = path.join(folder, 'postgres');
  const how = { dataDir, durable: megabytes !== undefined, settings };
  const first = await startEmbeddedPostgres(how);
  await query(first.superuserUrl, 'create database coffee');
  const superuserUrl = databaseUrl(first.superuserUrl, 'coffee');
  await migrate(superuserUrl);
  return {
    database: openTestDatabase('coffee', superuserUrl, async () => undefined),
    volume,
    stop: () => first.stop('fast'),
    async start() {
      await startEmbeddedPostgres({ ...how, port: first.port });
      // One that ended itself answers while it still reads its log.
      await until('the server takes statements', () =>
        query(superuserUrl, 'select').then(
          () => true,
          () => false,
        ),
      );
    },
    async remove() {
      await removeEmbeddedPostgres(dataDir);
      volume?.unmount();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
