import type { OnProgress } from '@coffee-roadmap/db/backup/progress';
import { createBackup, type CreatedBackup } from '@coffee-roadmap/shared/backups/create-backup';
import { restoreBackup } from '@coffee-roadmap/shared/backups/restore-backup';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createWorld, type World } from '../../db/tests/world';
import { query } from './database';
import { databaseUrl } from './template';

/** A world, a folder for its backups, and what is restored from them. */
export interface BackedUpWorld {
  world: World;
  place: string;
  create(at: string, url?: string): Promise<CreatedBackup>;
  /** Into a database of this name, which goes at the end. */
  restore(
    folder: string,
    database: string,
    more?: { erased?: string[]; aside?: string; onProgress?: OnProgress },
  ): Promise<Awaited<ReturnType<typeof restoreBackup>> & { url: string }>;
  idOf(name: string): Promise<string>;
  close(): Promise<void>;
}

/** The next number of a notification. */
export const NEXT_NUMBER = `select nextval(pg_get_serial_sequence('coffee.notifications', 'id')) as n`;

const programs = { searchPath: process.env.PATH! };
const onProgress = (): void => undefined;

export async function createBackedUpWorld(): Promise<BackedUpWorld> {
  const world = await createWorld();
  const place = mkdtempSync(path.join(os.tmpdir(), 'coffee-backups-'));
  const made: string[] = [];
  const { superuserUrl } = world.database;
  return {
    world,
    place,
    create: (at, url = superuserUrl) =>
      createBackup({ url, place, programs, now: new Date(at), onProgress }),
    async restore(folder, database, { erased = [], ...more } = {}) {
      const options = { folder, url: superuserUrl, database, erased, programs, onProgress };
      const restored = await restoreBackup({ ...options, ...more });
      made.push(database);
      return { ...restored, url: databaseUrl(superuserUrl, database) };
    },
    async idOf(name) {
      const sql = 'select id::text from priv.principals where name = $1';
      return (await world.root<{ id: string }>(sql, [name]))[0]!.id;
    },
    async close() {
      for (const name of made) {
        await query(process.env.COFFEE_TEST_CLUSTER_URL!, `drop database if exists "${name}"`);
      }
      await world.close();
      rmSync(place, { recursive: true, force: true });
    },
  };
}
