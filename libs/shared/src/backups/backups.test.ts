import { readDepartures } from '@coffee-roadmap/db/backup/departures';
import type { OnProgress } from '@coffee-roadmap/db/backup/progress';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync } from 'node:fs';
import { writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Client } from 'pg';
import { partitionUsage } from '../../../../db/tests/partition-usage';
import { createWorld, type World } from '../../../../db/tests/world';
import { query } from '../../../../tests/support/database';
import { databaseUrl } from '../../../../tests/support/template';
import { takeTurnsToRestore } from '../../../../tests/support/restore-turn';
import { createBackup, type CreatedBackup } from './create-backup';
import { keepBackups } from './keep-backups';
import { findBackup, listBackups, listBaseBackups } from './list-backups';
import { filesOf, renderManifest } from './manifest';
import { restoreBackup } from './restore-backup';
import { verifyBackup } from './verify-backup';

let world: World;
let place: string;
let first: CreatedBackup;
const programs = { searchPath: process.env.PATH! };
const onProgress = (): void => undefined;
const made: string[] = [];

const create = (at: string, url = world.database.superuserUrl): Promise<CreatedBackup> =>
  createBackup({ url, place, programs, now: new Date(at), onProgress });

async function restore(
  folder: string,
  database: string,
  { erased = [], ...more }: { erased?: string[]; aside?: string; onProgress?: OnProgress } = {},
) {
  const url = world.database.superuserUrl;
  const options = { folder, url, database, erased, programs, onProgress, ...more };
  const restored = await restoreBackup(options);
  made.push(database);
  return { ...restored, url: databaseUrl(url, database) };
}

async function idOf(name: string): Promise<string> {
  const sql = 'select id::text from priv.principals where name = $1';
  return (await world.root<{ id: string }>(sql, [name]))[0]!.id;
}

const NEXT = `select nextval(pg_get_serial_sequence('coffee.notifications', 'id')) as n`;

takeTurnsToRestore();
beforeAll(async () => {
  world = await createWorld();
  place = mkdtempSync(path.join(os.tmpdir(), 'coffee-backups-'));
  // What text can hold that lines of COPY have to write otherwise.
  await world.root(`update coffee.roadmap_items set body = E'a\\tb\\nc\\\\d\\r\\u2028é\\\\N'`);
  await world.root('create table public.mine (n integer); insert into public.mine values (7)');
  first = await create('2026-11-21T10:00:00Z');
});
afterAll(async () => {
  for (const name of made) {
    await query(process.env.COFFEE_TEST_CLUSTER_URL!, `drop database if exists "${name}"`);
  }
  await world.close();
  rmSync(place, { recursive: true, force: true });
});

it('holds every table of ours, closed to others, and says what it leaves out', async () => {
  const { manifest, folder } = first;
  const tables = await world.root<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c
       join pg_namespace n on n.oid = c.relnamespace
     where n.nspname in ('coffee', 'daemon', 'audit', 'analytics', 'priv') and c.relkind not in ('v', 'i', 'S', 'c', 't')`,
  );
  expect(manifest.tables.map(({ table }) => table)).toEqual(
    tables
      .map(({ name }) => name)
      .filter((name) => name !== 'priv.current_truth')
      .sort(),
  );
  expect(manifest.others.schemas).toEqual([{ schema: 'public', objects: 1 }]);
  expect(manifest.logins).toMatchObject({ passwords: true });
  expect(manifest.logins.logins).toBeGreaterThan(8);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
  for (const { file } of filesOf(manifest)) {
    expect([file, statSync(path.join(folder, file)).mode & 0o777]).toEqual([file, 0o600]);
  }
  expect((await verifyBackup(folder)).findings).toEqual([]);
  const [entry] = await world.root<{ n: number }>(
    `select count(*)::int as n from audit.entries where action = 'export.backup'`,
  );
  expect(entry!.n).toBe(1);
  await expect(create('2026-11-21T10:00:00Z')).rejects.toMatchObject({ code: 'conflict' });
  expect(readdirSync(place)).toEqual([first.name]);
});

it('is restored with the same rows in every table, the same numbers to come, and the same rights', async () => {
  const database = `${world.database.name}_restored`;
  const { url, rows, tables, logins, othersProblem } = await restore(first.folder, database);
  expect({ rows: rows > 300, tables, logins }).toEqual({
    ...{ rows: true, tables: first.manifest.tables.length },
    logins: { made: [], kept: first.manifest.logins.logins },
  });
  const others = first.manifest.others.file === null ? 'it is not in the backup' : null;
  expect(othersProblem).toBe(others);
  if (others === null) {
    expect(await query(url, 'select n from public.mine')).toEqual([{ n: 7 }]);
  }
  // Not by our own digest: by what Postgres says of each row. Only the restore's own entry is new.
  const added = `not in (select id from audit.entries where action = 'backup.restore')`;
  const but: Record<string, string> = {
    'audit.entries': `where id ${added}`,
    'audit.payloads': `where entry_id ${added}`,
    'audit.unsealed': `where entry_id ${added}`,
  };
  for (const { table } of first.manifest.tables) {
    const sql = `select md5(string_agg(t::text, E'\\n' order by t::text)) as md5, count(*)::int as n
      from ${table} t ${but[table] ?? ''}`;
    expect([table, await query(url, sql)]).toEqual([table, await world.root(sql)]);
  }
  expect(await query(url, NEXT)).toEqual(await world.root(NEXT));

  const { login, password } = world.login('ben');
  const own = new URL(url);
  own.username = login;
  own.password = password;
  const seen = `select count(*)::int as n from coffee.roadmap_items`;
  expect(await query(own.href, seen)).toEqual((await (await world.as('ben')).query(seen)).rows);
  await expect(query(own.href, 'delete from coffee.roadmap_items')).rejects.toThrow(/denied/);
  await expect(query(own.href, 'create table public.x ()')).rejects.toThrow(/not for logins/);
  const [guard] = await query(url, `select evtname from pg_event_trigger`);
  expect(guard).toEqual({ evtname: 'coffee_guard' });

  // Nothing is written over, whatever is there.
  const there = restore(first.folder, database);
  await expect(there).rejects.toMatchObject({ code: 'conflict' });
  const taken = restore(first.folder, database, { aside: database });
  await expect(taken).rejects.toMatchObject({ code: 'conflict' });
  const left = await query(url, `select datname from pg_database where datname like '%restoring%'`);
  expect(left).toEqual([]);
  await world.root(`drop database "${database}"`);
});

it('erases again whom backups of it, a database there or anchors tell, and only names whom another’s does', async () => {
  const { person } = world.ids.red;
  const before = await create('2026-11-21T11:00:00Z');
  await world.root(`do $$ begin
    if current_setting('server_version_num')::int >= 160000 then set local role coffee_registrar; end if;
    perform priv.replay_erasures(array['${person}'::uuid]);
  end $$`);
  const after = await create('2026-11-21T12:00:00Z');
  expect(after.manifest.erasures.map((one) => one.person)).toEqual([person]);

  // One that was made where the database had moved to, and somebody else was erased.
  const file = path.join(after.folder, 'manifest.json');
  const erasures = [{ person: await idOf('mona'), at: '2026-11-21T11:30:00.000000Z' }];
  const moved = { ...after.manifest, database: 'elsewhere', cluster: null, erasures };
  writeFileSync(file, renderManifest(moved));
  const latest = (): string => findBackup(place, 'latest');
  expect(latest).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  expect(latest).toThrow(
    expect.objectContaining({ hint: expect.stringContaining(`${after.name}, ${before.name}`) }),
  );
  expect(findBackup(place, undefined)).toBe(after.folder);

  const other = world.ids.blue.person;
  const name = `${world.database.name}_older`;
  const erased = [other, randomUUID()];
  const { url, erasedAgain, notErased, loginsKept } = await restore(before.folder, name, {
    erased,
  });
  expect(erasedAgain.sort((a, b) => a.name.localeCompare(b.name))).toEqual([
    { person, name: 'ben', toldBy: `the database ${world.database.name}` },
    { person: other, name: 'carla', toldBy: '--erasures' },
  ]);
  const mona = erasures[0]!.person;
  expect(notErased).toEqual([{ person: mona, name: 'mona', toldBy: `the backup ${after.name}` }]);
  expect(await query(url, 'select name from coffee.people where id = $1', [mona])).toEqual([
    { name: 'mona' },
  ]);
  // She is erased in this copy alone: where everybody works, nothing ended. His login is nobody's.
  const has = `the database ${world.database.name} has it`;
  expect(loginsKept).toEqual([{ login: world.login('carla').login, reason: has }]);
  const carla = await world.another('carla');
  expect((await carla.query('select name from coffee.whoami()')).rows).toEqual([{ name: 'carla' }]);
  const role = 'select from pg_roles where rolname = $1';
  expect(await world.root(role, [world.login('ben').login])).toEqual([]);
  writeFileSync(file, renderManifest(after.manifest));
  expect(latest()).toBe(after.folder);
  const names = await query<{ name: string }>(
    url,
    `select name from priv.principals where id in ($1, $2)`,
    [person, other],
  );
  expect(names.map(({ name: one }) => /^person-[0-9a-f]{8}$/.test(one))).toEqual([true, true]);
});

it('is made by a login that reads all, without passwords, and by no other', async () => {
  const login = `reader_${world.database.name}`;
  await world.root(`create role ${login} login bypassrls password 'for this test only'`);
  await world.root(`grant pg_read_all_data to ${login}`);
  await world.root(`grant connect on database ${world.database.name} to ${login}`);
  try {
    const url = world.database.urlFor(login, 'for this test only');
    const { manifest } = await create('2026-11-21T13:00:00Z', url);
    expect(manifest.logins.passwords).toBe(false);
    expect(manifest.tables.map(({ rows }) => rows)).toEqual(
      listBackups(place)[1]!.manifest!.tables.map(({ rows }) => rows),
    );
  } finally {
    await world.root(`drop owned by ${login}`);
    await world.root(`drop role ${login}`);
  }
  const { login: ben, password } = world.login('anna');
  const refused = create('2026-11-21T14:00:00Z', world.database.urlFor(ben, password));
  await expect(refused).rejects.toMatchObject({ code: 'not_allowed' });
  const empty = create(
    '2026-11-21T14:00:00Z',
    databaseUrl(world.database.superuserUrl, 'postgres'),
  );
  await expect(empty).rejects.toMatchObject({ code: 'database_not_migrated' });
});

it('is listed, and removed when it is old, with leftovers of processes that were killed', async () => {
  // A pid that was, and is not any more.
  mkdirSync(path.join(place, '.partial-4194304-coffee-20261121T000000Z'));
  const newest = await create('2026-11-21T15:00:00Z');
  expect(readdirSync(place).filter((name) => name.startsWith('.'))).toEqual([]);
  truncateSync(path.join(listBackups(place)[1]!.folder, 'logins.json'), 3);
  const states = listBackups(place).map(({ problem }) => problem);
  expect(states).toEqual([
    undefined,
    'logins.json is gone or cut',
    undefined,
    undefined,
    undefined,
  ]);
  const removed = keepBackups(place, newest.manifest, { keep: 2 }, new Date());
  expect(removed).toHaveLength(2);
  expect(listBackups(place)).toHaveLength(3);

  const entry = Buffer.alloc(1024);
  entry.write('backup_label\0');
  writeFileSync(path.join(place, 'database.tar.gz'), gzipSync(entry));
  writeFileSync(path.join(place, 'other.tar.gz'), gzipSync('something else'));
  expect((await listBaseBackups(place)).map(({ name }) => name)).toEqual(['database.tar.gz']);
});

it('makes logins that are gone, but nobody’s who was removed or erased in a database there', async () => {
  await partitionUsage(world.database.superuserUrl);
  // An identity that was made anew has a sequence of another name.
  await world.root(`alter table coffee.notifications alter id drop identity,
    alter id add generated always as identity (sequence name coffee.numbers_made_anew start 900)`);
  const anna = await world.as('anna');
  const add = `select login from coffee.add_login('person', 'leaver', array['team'])`;
  const { login: leaver } = (await anna.query<{ login: string }>(add)).rows[0]!;
  const before = await create('2026-11-21T16:00:00Z');
  const stored = before.manifest.tables.map(({ table }) => table);
  expect(stored.filter((table) => table.includes('usage_records'))).toEqual([
    'coffee.usage_records',
  ]);
  await anna.query(`select coffee.remove_login('person', 'leaver')`);
  const auditor = world.login('auditor');
  await world.root(`drop role "${auditor.login}"`);

  const name = `${world.database.name}_beside`;
  const { url, logins, removedAgain, unread } = await restore(before.folder, name);
  expect([logins, removedAgain, unread]).toEqual([
    {
      made: [{ login: auditor.login, kind: 'auditor', name: 'auditor' }],
      kept: before.manifest.logins.logins - 2,
    },
    [{ login: leaver, kind: 'person', name: 'leaver' }],
    [],
  ]);
  expect(await world.root('select from pg_roles where rolname = $1', [leaver])).toEqual([]);
  // Known there, too, so that the next restore lets nobody in either.
  const gone = await query(
    url,
    `select p.login, p.removed_at is not null and c.removed_at is not null as removed,
       (select count(*)::int from coffee.memberships m where m.member_id = p.id) as teams
     from priv.principals p join coffee.people c using (id) where p.name = 'leaver'`,
  );
  expect(gone).toEqual([{ login: null, removed: true, teams: 0 }]);
  const departed = await readDepartures(world.database.superuserUrl, [name]);
  expect(departed.removed).toContain(await idOf('leaver'));
  const own = new URL(url);
  own.username = auditor.login;
  own.password = auditor.password;
  expect(await query(own.href, 'select session_user as me')).toEqual([{ me: auditor.login }]);
  expect(await query(url, NEXT)).toEqual([{ n: '900' }]);
  // As one table, which is what migrations make.
  const usage = `select count(*)::int as n, sum(input_tokens)::text as tokens from coffee.usage_records`;
  expect(await query(url, usage)).toEqual(await world.root(usage));
  expect(await world.root(usage)).toEqual([{ n: expect.any(Number), tokens: expect.any(String) }]);

  // In use: told before any work.
  await world.root(`drop role "${auditor.login}"`);
  const labels = new Set<string>();
  const user = await world.database.connect(url);
  const note = { aside: `${name}_aside`, onProgress: (label: string) => void labels.add(label) };
  const used = { code: 'conflict', message: `somebody is connected to ${name}` };
  await expect(restore(before.folder, name, note)).rejects.toMatchObject(used);
  expect([...labels]).toEqual([]);
  await user.end();
  // And where somebody comes in meanwhile, no login is left of it, and nobody's ended.
  let late: Promise<Client> | undefined;
  const comeIn = (label: string): void => {
    if (label === 'restoring rows') late ??= world.database.connect(url);
  };
  const erased = [await idOf('mona')];
  const again = restore(before.folder, name, { ...note, erased, onProgress: comeIn });
  await expect(again).rejects.toMatchObject(used);
  expect((await (await world.another('mona')).query('select from coffee.whoami()')).rowCount).toBe(
    1,
  );
  await (await late!).end();
  const left = `select datname::text as name from pg_database where datname like $1
    union all select rolname from pg_roles where rolname = $2`;
  expect(await world.root(left, [`${name}%`, auditor.login])).toEqual([{ name }]);
});
