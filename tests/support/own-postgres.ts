import { migrate } from '@coffee-roadmap/db/migrate';
import {
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openTestDatabase, query, type TestDatabase } from './database';
import { databaseUrl } from './template';

/** A Postgres server of the test's own, to be stopped and started while others use it. */
export interface OwnPostgres {
  database: TestDatabase;
  /** Everybody is sent away, as at a restart of the service. */
  stop(): Promise<void>;
  /** On the same port as before. */
  start(): Promise<void>;
  remove(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-roadmap-own-'));
  chmodSync(folder, 0o755); // as root the server runs as another account
  const dataDir = path.join(folder, 'postgres');
  const first = await startEmbeddedPostgres({ dataDir, durable: false });
  await query(first.superuserUrl, 'create database coffee');
  const superuserUrl = databaseUrl(first.superuserUrl, 'coffee');
  await migrate(superuserUrl);
  return {
    database: openTestDatabase('coffee', superuserUrl, async () => undefined),
    stop: () => first.stop('fast'),
    async start() {
      await startEmbeddedPostgres({ dataDir, durable: false, port: first.port });
    },
    async remove() {
      await removeEmbeddedPostgres(dataDir);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
