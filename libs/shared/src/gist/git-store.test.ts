import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { isAppError, messageOf } from '../errors';
import { quietEnvironment } from '../git/environment';
import { serveOverHttp } from '../git/testing/http-remote';
import { listBackups, restoreBackup } from './backups';
import { GitStore } from './git-store';
import { A, B, localOf, pull, push, usageLine } from './testing/remote';

const SECRET = 'glpat-0123456789abcdefghij';
const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee git store '));
const bare = path.join(folder, 'usage.git');
beforeAll(() => {
  const env = quietEnvironment();
  execFileSync('git', ['init', '--quiet', '--bare', '--template=', bare], { env });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const lines = (id: string, count: number): Buffer[] =>
  Array.from({ length: count }, (_, n) => usageLine(id, n));

const storeOf = (name: string, options: Partial<ConstructorParameters<typeof GitStore>[0]> = {}) =>
  new GitStore({
    url: bare,
    branch: 'main',
    mirror: path.join(folder, name),
    retryDelaysMs: [],
    ...options,
  });

/** What every process of this machine was started with. */
const commandLines = (): string[] =>
  readdirSync('/proc').flatMap((pid) => {
    try {
      return /^\d+$/.test(pid) ? [readFileSync(`/proc/${pid}/cmdline`, 'utf8')] : [];
    } catch {
      return []; // It has ended meanwhile.
    }
  });

it('proves itself over http with a token that stands in no command line and no error', async () => {
  const remote = await serveOverHttp(bare, `oauth2:${SECRET}`);
  const seen = new Set<string>();
  if (existsSync('/proc/self/cmdline'))
    remote.onRequest = () => commandLines().forEach((one) => seen.add(one));
  const credential = { kind: 'secret', username: 'oauth2', secret: SECRET } as const;
  const store = storeOf('by http', { url: remote.url, credential });
  expect((await push(store, localOf(A, 'devbox', lines(A, 300)))).sent).toBe(300);
  const other = storeOf('by http too', { url: remote.url, credential });
  expect((await pull(await other.read())).lines.get(A)).toHaveLength(300);
  expect(remote.authorizations.filter(Boolean).length).toBeGreaterThan(3);
  if (remote.onRequest) expect([...seen].filter((one) => /\0push\0/.test(one))).not.toEqual([]);
  expect([...seen].filter((one) => one.includes(SECRET))).toEqual([]);

  const wrong = { ...credential, secret: `${SECRET}-wrong` };
  const refused = await storeOf('wrong', { url: remote.url, credential: wrong })
    .read()
    .catch((error: unknown) => error);
  expect(refused).toMatchObject({
    code: 'git_failed',
    hint: expect.stringContaining('gist set-token') as string,
  });
  expect(messageOf(refused) + (isAppError(refused) ? refused.hint : '')).not.toContain(SECRET);
  await remote.close();
  await expect(storeOf('away', { url: remote.url }).read()).rejects.toMatchObject({
    code: 'not_reachable',
    hint: expect.stringContaining('Nothing is lost') as string,
  });
  rmSync(bare, { recursive: true });
  execFileSync('git', ['init', '--quiet', '--bare', bare], { env: quietEnvironment() });
  await expect(storeOf('gone', { url: `${bare}-not` }).read()).rejects.toMatchObject({
    code: 'git_failed',
    hint: expect.stringContaining('gist info') as string,
  });
});

it('finds each day in the history, and brings back the one that is asked for', async () => {
  const on = (day: string) => storeOf('days', { now: () => new Date(`${day}T12:00:00Z`) });
  await push(on('2026-03-01'), localOf(A, 'devbox', lines(A, 3)));
  await push(on('2026-03-01'), localOf(A, 'devbox', lines(A, 5)));
  await push(on('2026-03-04'), localOf(B, 'laptop', lines(B, 2)));
  const store = storeOf('days');
  const backups = await listBackups(store);
  expect(backups.map(({ date }) => date)).toEqual(['2026-03-04', '2026-03-01']);
  const to = path.join(folder, 'restored');
  const { files, refused } = await restoreBackup(store, backups[1]!, to);
  expect(refused).toEqual([]);
  expect(files.sort()).toEqual([
    `machine_${A}.json`,
    'manifest.json',
    `records_${A}_2026-03_p1.ndjson`,
  ]);
  const text = readFileSync(path.join(to, `records_${A}_2026-03_p1.ndjson`), 'utf8');
  expect(text).toBe(`${lines(A, 5).join('\n')}\n`);
});
