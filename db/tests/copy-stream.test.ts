import { CopyIn, CopyOut } from '@coffee-roadmap/db/backup/copy-stream';
import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../tests/support/database';

let database: TestDatabase;
let client: Client;
beforeAll(async () => {
  database = await createTestDatabase();
  client = await database.connect();
  await client.query('create temporary table rows (line text)');
});
afterAll(() => database.drop());
beforeEach(() => client.query('truncate rows'));

const copyIn = (pieces: Iterable<Buffer>): Promise<void> =>
  pipeline(Readable.from(pieces), client.query(new CopyIn('copy rows from stdin')));

async function copyOut(pauseMs = 0): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of client.query(new CopyOut('copy rows to stdout'))) {
    chunks.push(chunk as Buffer);
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return Buffer.concat(chunks);
}

it('brings rows in and out again, many small and some large, also to a slow reader', async () => {
  const lengths = [0, 1, 100, 65_535, 65_536, 65_537, 1_000_000, ...Array<number>(5000).fill(40)];
  const lines = lengths.map(
    (length) => `${randomBytes(length).toString('hex').slice(0, length)}\n`,
  );
  const bytes = Buffer.from(lines.join(''));
  const pieces = function* (): Generator<Buffer> {
    for (let at = 0; at < bytes.length; at += 9_999) yield bytes.subarray(at, at + 9_999);
  };
  await copyIn(pieces());
  expect((await copyOut()).equals(bytes)).toBe(true);
  expect((await copyOut(1)).equals(bytes)).toBe(true);
  await copyIn([]);
  expect((await client.query('select from rows')).rowCount).toBe(lines.length);
  await client.query('truncate rows');
  expect((await copyOut()).length).toBe(0);
});

it('leaves the connection usable after a refusal, a reader who leaves, and a writer who fails', async () => {
  const missing = client.query(new CopyOut('copy nothing_there to stdout'));
  await expect(missing.toArray()).rejects.toThrow(/does not exist/);
  await expect(copyIn([Buffer.from('one\ttwo\n')])).rejects.toThrow(/extra data/);
  const failing = function* (): Generator<Buffer> {
    yield Buffer.from('one\n');
    throw new Error('the disk is gone');
  };
  await expect(copyIn(failing())).rejects.toThrow('the disk is gone');
  expect((await client.query('select from rows')).rowCount).toBe(0);

  await client.query(`insert into rows select repeat('x', 1000) from generate_series(1, 5000)`);
  const leaving = client.query(new CopyOut('copy rows to stdout'));
  await new Promise((resolve) => leaving.once('data', resolve));
  leaving.destroy();
  expect((await client.query('select count(*)::int as n from rows')).rows).toEqual([{ n: 5000 }]);
});
