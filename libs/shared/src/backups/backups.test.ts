import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import type { World } from '../../../../db/tests/world';
import {
  createBackedUpWorld,
  NEXT_NUMBER,
  type BackedUpWorld,
} from '../../../../tests/support/backed-up-world';
import { query } from '../../../../tests/support/database';
import { databaseUrl } from '../../../../tests/support/template';
import { takeTurnsToRestore } from '../../../../tests/support/restore-turn';
import type { CreatedBackup } from './create-backup';
import { keepBackups } from './keep-backups';
import { findBackup, listBackups, listBaseBackups } from './list-backups';
import { filesOf, renderManifest } from './manifest';
import { verifyBackup } from './verify-backup';

let backedUp: BackedUpWorld;
let world: World;
let place: string;
let create: BackedUpWorld['create'];
let restore: BackedUpWorld['restore'];
let idOf: BackedUpWorld['idOf'];
let first: CreatedBackup;

takeTurnsToRestore();
beforeAll(async () => {
  backedUp = await createBackedUpWorld();
  ({ world, place, create, restore, idOf } = backedUp);
  // What text can hold that lines of COPY have to write otherwise.
  await world.root(`update coffee.roadmap_items set body = E'a\\tb\\nc\\\\d\\r\\u2028é\\\\N'`);
  await world.root('create table public.mine (n integer); insert into public.mine values (7)');
  first = await create('2026-11-21T10:00:00Z');
});
afterAll(() => backedUp.close());

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
  expect(await query(url, NEXT_NUMBER)).toEqual(await world.root(NEXT_NUMBER));

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
