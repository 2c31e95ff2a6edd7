import { migrate } from '@coffee-roadmap/db/migrate';
import { erasureLine, parseErasures } from '@coffee-roadmap/shared/audit/anchor';
import {
  getNewestSeal,
  listErasures,
  sealAudit,
  type Seal,
} from '@coffee-roadmap/shared/audit/queries';
import { verifyAudit } from '@coffee-roadmap/shared/audit/verify';
import { createBackup } from '@coffee-roadmap/shared/backups/create-backup';
import { restoreBackup } from '@coffee-roadmap/shared/backups/restore-backup';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { lintDatabase } from '@coffee-roadmap/db/lint';
import { databaseFolder } from '@coffee-roadmap/db/source';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { query } from '../../../tests/support/database';
import { databaseUrl } from '../../../tests/support/template';
import { takeTurnsToRestore } from '../../../tests/support/restore-turn';
import { codeOf, NOT_ALLOWED, valueOf } from '../refusal';
import { createWorld, type Who, type World } from '../world';

let world: World;
let copy: string;
let copyUrl: string;
let backup: string;
/** Kept outside when the backup was made. */
let anchor: Seal;
const restored: string[] = [];
const place = mkdtempSync(path.join(os.tmpdir(), 'coffee-attacks-'));

takeTurnsToRestore();
beforeAll(async () => {
  world = await createWorld();
  copy = `${world.database.name}_${randomBytes(2).toString('hex')}`;
  const server = process.env.COFFEE_TEST_CLUSTER_URL!;
  // A copy is refused while somebody is connected.
  await query(server, 'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [
    world.database.name,
  ]);
  await query(server, `create database ${copy} template ${world.database.name}`);
  copyUrl = databaseUrl(server, copy);
  const auditor = await openSession(urlOf(world.database.superuserUrl, 'auditor'), 'auditor');
  await sealAudit(auditor);
  anchor = (await getNewestSeal(auditor))!;
  await auditor.close();
  const made = { url: world.database.superuserUrl, place, now: new Date() };
  const programs = { searchPath: process.env.PATH! };
  backup = (await createBackup({ ...made, programs, onProgress: () => undefined })).folder;
});
afterAll(async () => {
  for (const name of [copy, ...restored])
    await query(
      process.env.COFFEE_TEST_CLUSTER_URL!,
      `drop database if exists ${name} with (force)`,
    );
  await world.close();
  rmSync(place, { recursive: true });
});

function urlOf(database: string, who: Who): string {
  const url = new URL(database);
  const { login, password } = world.login(who);
  [url.username, url.password] = [login, password];
  return url.href;
}

async function connectTo(database: string, who: Who): Promise<Client> {
  const client = new Client({ connectionString: urlOf(database, who) });
  await client.connect();
  return client;
}

/** The URL of a database that is made of this backup. */
async function restore(folder: string, name: string, erased: string[] = []): Promise<string> {
  const url = world.database.superuserUrl;
  const database = `${world.database.name}_${name}`;
  restored.push(database);
  const programs = { searchPath: process.env.PATH! };
  await restoreBackup({ folder, url, database, erased, programs, onProgress: () => undefined });
  return databaseUrl(url, database);
}

/** What an auditor finds there, who kept this seal outside. */
async function findings(database: string, anchor: Seal): Promise<string[]> {
  const auditor = await openSession(urlOf(database, 'auditor'), 'auditor');
  try {
    await sealAudit(auditor);
    return (await verifyAudit(auditor, [anchor])).findings.map(({ problem }) => problem);
  } finally {
    await auditor.close();
  }
}

describe('restore losing database ACL', () => {
  it('is what a copy does: everybody may connect and make temporary objects', async () => {
    const ben = await connectTo(copyUrl, 'ben');
    const may = `select has_database_privilege(session_user, current_database(), 'temporary')`;
    expect(await valueOf(ben, may)).toBe(true);
    // The guard was copied, and stands in the way already.
    expect(await codeOf(ben, 'create temporary table t (id int)')).toBe(NOT_ALLOWED);
    await ben.end();
    const superuser = new Client({ connectionString: copyUrl });
    await superuser.connect();
    const found = await lintDatabase(superuser, databaseFolder());
    expect(found.map(({ lint, problem }) => `${lint}: ${problem}`)).toEqual(
      expect.arrayContaining([
        'grant_to_public: PUBLIC has TEMPORARY',
        'grant_to_public: PUBLIC has CONNECT',
      ]),
    );
    await superuser.end();
  });

  it('is mended by the next migrate, also when there is nothing to migrate', async () => {
    await query(
      copyUrl,
      'grant execute on function pg_catalog.pg_sleep(double precision) to public',
    );
    await query(copyUrl, 'grant create, usage on schema public to public');
    await query(
      copyUrl,
      'alter default privileges for role coffee_api grant execute on functions to public',
    );
    expect(await migrate(copyUrl)).toMatchObject({ applied: [], refreshed: false });
    const ben = await connectTo(copyUrl, 'ben');
    const may = `select has_database_privilege(session_user, current_database(), 'temporary')`;
    expect(await valueOf(ben, may)).toBe(false);
    for (const sql of [
      'create temporary table t (id int)',
      'select pg_sleep(0)',
      'create table public.t (id int)',
    ]) {
      expect([sql, await codeOf(ben, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
    await ben.end();
    const superuser = new Client({ connectionString: copyUrl });
    await superuser.connect();
    expect(await lintDatabase(superuser, databaseFolder())).toEqual([]);
    await superuser.end();
  });

  it('keeps who is who: the logins are the same people in the copy', async () => {
    const ben = await connectTo(copyUrl, 'ben');
    expect((await ben.query('select name from coffee.whoami()')).rows).toEqual([{ name: 'ben' }]);
    expect((await ben.query('select from coffee.projects')).rowCount).toBe(1);
    await ben.end();
  });
});

describe('backup and restore', () => {
  it('gives everybody what they may and no more, and loses no seal', async () => {
    const url = await restore(backup, 'restored');
    const ben = await connectTo(url, 'ben');
    const { person } = world.ids.blue;
    const hidden = 'select from coffee.usage_records where person_id = $1';
    expect((await query(url, hidden, [person])).length).toBeGreaterThan(0);
    expect((await ben.query(hidden, [person])).rowCount).toBe(0);
    expect((await ben.query(hidden, [world.ids.red.person])).rowCount).toBeGreaterThan(0);
    for (const sql of [
      'create temporary table t (id int)',
      'delete from coffee.usage_records',
      `update coffee.people set name = 'carla'`,
      'select from audit.payloads where actor_id is null for update',
    ]) {
      expect([sql, await codeOf(ben, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
    await ben.end();
    const superuser = new Client({ connectionString: url });
    await superuser.connect();
    expect(await lintDatabase(superuser, databaseFolder())).toEqual([]);
    await superuser.end();
    expect(await findings(url, anchor)).toEqual([]);
  });
});

describe('restore against erasure', () => {
  it('brings nobody back whom an anchor says to be erased since, and keeps the chain whole', async () => {
    const { person } = world.ids.red;
    await (await world.another('ben')).query(`select coffee.erase_me('ben')`);
    const auditor = await openSession(urlOf(world.database.superuserUrl, 'auditor'), 'auditor');
    const kept = (await listErasures(auditor)).map(erasureLine).join('');
    await auditor.close();
    const url = await restore(backup, 'older', parseErasures(kept));
    const [found] = await query(
      url,
      `select p.name, p.login, (select count(*)::int from coffee.usage_records where person_id = p.id) as calls,
         (select count(*)::int from coffee.usage_records where person_id = $2) as others
       from priv.principals p where p.id = $1`,
      [person, world.ids.blue.person],
    );
    expect(found).toEqual({
      name: expect.stringMatching(/^person-[0-9a-f]{8}$/),
      login: null,
      calls: 0,
      others: expect.any(Number),
    });
    expect(found!.others).toBeGreaterThan(0);
    // The backup has the login and its password; neither opens anything again.
    for (const database of [url, world.database.superuserUrl]) {
      await expect(connectTo(database, 'ben')).rejects.toThrow(
        /not permitted to log in|authentication failed/,
      );
    }
    expect(await findings(url, anchor)).toEqual([]);
  });
});
