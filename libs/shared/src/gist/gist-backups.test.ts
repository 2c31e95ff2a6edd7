import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createBackup, listBackups, restoreBackup } from './backups';
import { createGist } from './find-gist';
import { GitHubClient } from '../github/github-client';
import { GistStore } from './gist-store';
import { startGistApi, TOKEN, type GistApi } from './testing/gist-api';
import { A, B, localOf, push, usageLine } from './testing/remote';

let api: GistApi;
let client: GitHubClient;
const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-gist-backups-'));
beforeAll(async () => {
  api = await startGistApi();
  client = new GitHubClient({ api: api.url, token: TOKEN, pause: () => Promise.resolve() });
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

const SHARD = `records_${A}_2026-03_p1.ndjson`;
const own = (count: number): Buffer[] => Array.from({ length: count }, (_, n) => usageLine(A, n));
const textOf = (count: number): string => `${own(count).join('\n')}\n`;
const at = (day: number) => () => new Date(Date.UTC(2026, 3, day, 9));

it('names each day’s state in the gist, drops its own old ones, and restores a day by its hashes', async () => {
  const { id } = await createGist(client, false);
  const store = new GistStore(client, id);
  const other = { now: at(1), retentionDays: 3 };
  await push(store, localOf(B, 'laptop', [usageLine(B, 1)]), other);
  await push(
    store,
    localOf(
      B,
      'laptop',
      [1, 2].map((n) => usageLine(B, n)),
    ),
    other,
  );
  for (let day = 2; day <= 8; day += 1) {
    const options = { now: at(day), retentionDays: 3 };
    await push(store, localOf(A, 'devbox', own(2 * day - 1)), options);
    await push(store, localOf(A, 'devbox', own(2 * day)), options);
  }
  // B's is older than anything, and B's alone to remove.
  const names = [...(await store.read()).files.keys()].filter((one) => one.startsWith('backup_'));
  expect(names.sort()).toEqual([
    ...[5, 6, 7, 8].map((day) => `backup_${A}_2026040${day}.json`),
    `backup_${B}_20260401.json`,
  ]);
  const days = (await listBackups(store)).map(({ date }) => date);
  expect(days).toEqual(['2026-04-08', '2026-04-07', '2026-04-06', '2026-04-05', '2026-04-01']);

  // Before its first push of the 6th: what it was at the end of the 5th.
  const sixth = (await listBackups(store)).find(({ date }) => date === '2026-04-06')!;
  const to = path.join(folder, 'sixth');
  const { files, refused } = await restoreBackup(store, sixth, to);
  expect([refused, readdirSync(to).sort()]).toEqual([[], [...files].sort()]);
  expect(files).toContain(`machine_${B}.json`);
  expect(readFileSync(path.join(to, SHARD), 'utf8')).toBe(textOf(10));
  await expect(restoreBackup(store, sixth, to)).rejects.toThrow(/not empty/);

  // Somebody changed the past.
  const past = api.gists.get(id)!.versions.find(({ version }) => version === sixth.version)!;
  past.files.set(SHARD, textOf(9));
  const changed = await restoreBackup(store, sixth, path.join(folder, 'changed'));
  expect(changed.refused).toEqual([{ file: SHARD, reason: 'wrong hash' }]);
  expect(changed.files).not.toContain(SHARD);
  expect(changed.files).toContain(`records_${B}_2026-03_p1.ndjson`);

  const made = await createBackup(store, A, at(9)());
  const last = (await listBackups(store))[0]!;
  expect([last.date, last.version]).toEqual(['2026-04-09', made.version]);
  await restoreBackup(store, last, path.join(folder, 'last'));
  expect(readFileSync(path.join(folder, 'last', SHARD), 'utf8')).toBe(textOf(16));

  const wrong = { revision: made.version, created_at: '\x1b]0;x\x07', machines: [] };
  const bytes = Buffer.from(JSON.stringify(wrong));
  await store.swap(await store.read(), new Map([[`backup_${B}_20260410.json`, bytes]]));
  expect((await listBackups(store))[0]!.date).toBe('2026-04-09');
});

it('says what to do where a gist has more files than its API shows', async () => {
  const { id } = await createGist(client, false);
  const files = Object.fromEntries(
    Array.from({ length: 301 }, (_, n) => [`note${n}.txt`, { content: 'x' }]),
  );
  await client.ask('PATCH', `/gists/${id}`, { files });
  await expect(push(new GistStore(client, id), localOf(A, 'devbox', own(1)))).rejects.toMatchObject(
    {
      message: expect.stringContaining('more files') as string,
      hint: expect.stringContaining('gist setup --remote https://gist.github.com/') as string,
    },
  );
  expect([...api.gists.get(id)!.versions.at(-1)!.files.keys()]).not.toContain(SHARD);
});
