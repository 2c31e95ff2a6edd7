import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { statSync, truncateSync, unlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { createTestDatabase, query, type TestDatabase } from '../../../../tests/support/database';
import { takeTurnsToRestore } from '../../../../tests/support/restore-turn';
import { createBackup, type CreatedBackup } from './create-backup';
import { restoreBackup } from './restore-backup';
import { checkTable } from './stored-file';
import { verifyBackup } from './verify-backup';

let database: TestDatabase;
let login: string;
let place: string;
let first: CreatedBackup;
const programs = { searchPath: process.env.PATH! };
const onProgress = (): void => undefined;

takeTurnsToRestore();
beforeAll(async () => {
  database = await createTestDatabase();
  const url = database.superuserUrl;
  place = mkdtempSync(path.join(os.tmpdir(), 'coffee-backups-'));
  login = await ensureLogin(url, { kind: 'person', name: 'anna', password: 'for this test only' });
  first = await createBackup({ url, place, programs, now: new Date(), onProgress });
});
afterAll(async () => {
  await database.drop();
  await query(process.env.COFFEE_TEST_CLUSTER_URL!, `drop role if exists "${login}"`);
  rmSync(place, { recursive: true, force: true });
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
  const url = database.superuserUrl;
  const into = `${database.name}_damaged`;
  const options = { url, database: into, erased: [], programs, onProgress };
  const restored = restoreBackup({ folder: copy, ...options });
  await expect(restored).rejects.toMatchObject({ code: 'failed' });
  expect(await query(url, `select from pg_database where datname = $1`, [into])).toEqual([]);
  rmSync(copy, { recursive: true });
});
