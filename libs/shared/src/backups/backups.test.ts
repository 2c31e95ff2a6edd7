import { createHash, randomUUID } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { mkdirSync, statSync, truncateSync, unlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { createWorld, type World } from '../../../../db/tests/world';
import { query } from '../../../../tests/support/database';
import { databaseUrl } from '../../../../tests/support/template';
import { createBackup, type CreatedBackup } from './create-backup';
import { keepBackups } from './keep-backups';
import { listBackups, listBaseBackups } from './list-backups';
import { filesOf } from './manifest';
import { restoreBackup } from './restore-backup';
import { checkTable } from './stored-file';
import { verifyBackup } from './verify-backup';

let world: World;
let place: string;
let first: CreatedBackup;
const programs = { searchPath: process.env.PATH! };
const onProgress = (): void => undefined;
const made: string[] = [];

const create = (at: string, url = world.database.superuserUrl): Promise<CreatedBackup> =>
  createBackup({ url, place, programs, now: new Date(at), onProgress });

async function restore(folder: string, database: string, erased: string[] = [], aside?: string) {
  const url = world.database.superuserUrl;
  const options = { folder, url, database, aside, erased, programs, onProgress };
  const restored = await restoreBackup(options);
  made.push(database);
  return { ...restored, url: databaseUrl(url, database) };
}

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
  const { url, rows, tables, loginsMade, othersProblem } = await restore(first.folder, database);
  expect({ rows: rows > 300, tables, loginsMade }).toEqual({
    ...{ rows: true, tables: first.manifest.tables.length, loginsMade: 0 },
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
  const next = `select nextval(pg_get_serial_sequence('coffee.notifications', 'id')) as n`;
  expect(await query(url, next)).toEqual(await world.root(next));

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
  const taken = restore(first.folder, database, [], database);
  await expect(taken).rejects.toMatchObject({ code: 'conflict' });
  const left = await query(url, `select datname from pg_database where datname like '%restoring%'`);
  expect(left).toEqual([]);
});

it('finds a cut at any byte, a changed byte, and a file that is gone', async () => {
  const copy = path.join(place, 'damaged');
  const check = async (damage: (folder: string) => void): Promise<string[]> => {
    rmSync(copy, { recursive: true, force: true });
    cpSync(first.folder, copy, { recursive: true });
    damage(copy);
    return (await verifyBackup(copy)).findings.map(({ file }) => file);
  };
  const size = statSync(path.join(first.folder, 'manifest.json')).size;
  const manifest = path.join(copy, 'manifest.json');
  for (const at of [0, Math.floor(size / 2), size - 1]) {
    expect([at, await check(() => truncateSync(manifest, at))]).toEqual([at, ['manifest.json']]);
  }
  const table = path.join(copy, 'coffee.people.copy.gz');
  const bytes = readFileSync(path.join(first.folder, 'coffee.people.copy.gz'));
  const entry = first.manifest.tables.find(({ table: name }) => name === 'coffee.people')!;
  for (let at = bytes.length - 1; at >= 0; at -= 1) {
    truncateSync(table, at);
    expect([at, await checkTable(copy, entry)]).toEqual([
      at,
      `has ${at} bytes instead of ${bytes.length}`,
    ]);
  }
  const flipped = Buffer.from(bytes);
  flipped[20]! ^= 1;
  expect(await check(() => writeFileSync(table, flipped))).toEqual(['coffee.people.copy.gz']);
  expect(await check(() => unlinkSync(path.join(copy, 'logins.json')))).toEqual(['logins.json']);
  // Somebody who also changes a hash does not know that the manifest has one of its own.
  const forged = await check((folder) => {
    const rows = gzipSync('nobody\n');
    writeFileSync(table, rows);
    const text = readFileSync(manifest, 'utf8');
    const hash = createHash('sha256').update(bytes).digest('hex');
    const other = createHash('sha256').update(rows).digest('hex');
    writeFileSync(path.join(folder, 'manifest.json'), text.replace(hash, other));
  });
  expect(forged).toEqual(['manifest.json']);
  const into = `${world.database.name}_damaged`;
  await expect(restore(copy, into)).rejects.toMatchObject({ code: 'failed' });
  expect(
    await query(world.database.superuserUrl, `select from pg_database where datname = $1`, [into]),
  ).toEqual([]);
  rmSync(copy, { recursive: true });
});

it('erases again whoever was erased after it, as a newer backup or an anchor tells', async () => {
  const { person } = world.ids.red;
  const before = await create('2026-11-21T11:00:00Z');
  await world.root(`do $$ begin
    if current_setting('server_version_num')::int >= 160000 then set local role coffee_registrar; end if;
    perform priv.replay_erasures(array['${person}'::uuid]);
  end $$`);
  const after = await create('2026-11-21T12:00:00Z');
  expect(after.manifest.erasures.map((one) => one.person)).toEqual([person]);

  const other = world.ids.blue.person;
  const name = `${world.database.name}_older`;
  const { url, erasedAgain } = await restore(before.folder, name, [other, randomUUID()]);
  expect(erasedAgain).toBe(2);
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
