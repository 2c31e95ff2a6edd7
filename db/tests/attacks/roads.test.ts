import { restoreBackup } from '@coffee-roadmap/shared/gist/backups';
import { createGist } from '@coffee-roadmap/shared/gist/find-gist';
import { GistStore } from '@coffee-roadmap/shared/gist/gist-store';
import { startGistApi, TOKEN, type GistApi } from '@coffee-roadmap/shared/gist/testing/gist-api';
import { A, B, localOf, pull, push, usageLine } from '@coffee-roadmap/shared/gist/testing/remote';
import { GitHubClient } from '@coffee-roadmap/shared/github/github-client';
import { parseRemoteName } from '@coffee-roadmap/shared/remotes/remote-name';
import { startSsh } from '@coffee-roadmap/shared/remotes/ssh-program';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';

// What comes by the roads between machines, from whoever writes there.

const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-roads-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasSsh = spawnSync('ssh', ['-V']).status === 0;
if (!hasSsh) process.stderr.write('skipped: no ssh on this machine\n');

describe('ssh option injection', () => {
  const mark = path.join(folder, 'mark');
  const own = ['-F', '/dev/null', '-o', 'ConnectTimeout=1'];
  const env = { PATH: process.env.PATH ?? '', HOME: folder };
  const names = [
    '-oProxyCommand=touch MARK',
    'ssh://-oProxyCommand=touch MARK',
    'me@-oProxyCommand=touch MARK',
    '$(touch MARK)',
    ';touch MARK;',
  ];
  const marked = (name: string): string => name.replace('MARK', mark);
  afterEach(() => rmSync(mark, { force: true }));

  it.each([...names, '-FMARK'])('%j is no name of a remote', (name) => {
    expect(() => parseRemoteName(marked(name))).toThrow('this is no name of a remote');
  });

  (hasSsh ? it : it.skip).each(names)('%j runs nothing even where it is taken', async (name) => {
    const settings = { command: ['ssh', ...own], environment: env, mayAsk: false };
    const child = startSsh(marked(name), 'true', settings);
    child.stdin.on('error', () => undefined);
    const [code] = (await once(child, 'close')) as [number];
    expect({ code, ran: existsSync(mark) }).toEqual({ code: 255, ran: false });
  });

  it.each(names)('%j stands behind the end of the options', async (name) => {
    const program = path.join(folder, 'words.cjs');
    writeFileSync(program, 'process.stdout.write(JSON.stringify(process.argv.slice(2)))');
    const command = [process.execPath, program];
    const child = startSsh(marked(name), 'true', { command, environment: env, mayAsk: false });
    const words = JSON.parse(await text(child.stdout)) as string[];
    rmSync(program);
    expect(words.indexOf('--')).toBe(words.length - 3);
    expect(words.at(-2)).toBe(marked(name));
  });

  (hasSsh ? it : it.skip)('ssh itself does run it where it stands among the options', () => {
    spawnSync('ssh', [...own, marked(names[0]!), 'host', 'true'], { env });
    expect(existsSync(mark)).toBe(true);
  });
});

describe('gist path traversal', () => {
  let api: GistApi;
  let client: GitHubClient;
  beforeAll(async () => {
    api = await startGistApi();
    client = new GitHubClient({ api: api.url, token: TOKEN });
  });
  afterAll(() => api.close());

  it('writes nothing but names of ours, and these into the folder that was named', async () => {
    const { id } = await createGist(client, false);
    const store = new GistStore(client, id);
    await push(store, localOf(A, 'devbox', [usageLine(A, 1)]));
    await push(store, localOf(B, 'laptop', [usageLine(B, 1)]));
    const honest = await store.read();
    const ours = [...honest.files.keys()].filter((name) => !name.startsWith('backup_')).sort();
    const shard = ours.find((name) => name.startsWith(`records_${A}`))!;
    const content = String(await honest.files.get(shard)!.read());
    const file = `machine_${A}.json`;
    const entry = JSON.parse(String(await honest.files.get(file)!.read())) as { shards: object[] };
    const names = [
      '../outside.json',
      `../${shard}`,
      `${folder}/outside.json`,
      `records_../../${A}_2026-03_p1.ndjson`,
      'usage_data_../../outside.json',
      'usage_data_..\\outside.json',
      `machine_../${A}.json`,
    ];
    const shards = [...entry.shards, ...names.map((name) => ({ ...entry.shards[0], file: name }))];
    const written = Object.fromEntries(names.map((name) => [name, { content }]));
    await client.ask('PATCH', `/gists/${id}`, {
      files: { ...written, [file]: { content: JSON.stringify({ ...entry, shards }) } },
    });

    const hostile = await store.read();
    expect([...hostile.files.keys()]).toEqual(expect.arrayContaining(names));
    const { lines, refused } = await pull(hostile);
    expect([lines.get(A)!.length, lines.get(B)!.length]).toEqual([1, 1]);
    expect(refused.map((one) => one.file)).toEqual(expect.arrayContaining(names));
    const to = path.join(folder, 'in', 'restored');
    mkdirSync(path.dirname(to));
    const version = hostile.version!;
    const backup = { date: '2026-03-04', version, at: '2026-03-04T00:00:00.000Z' };
    const { files } = await restoreBackup(store, backup, to);
    expect([...files].sort()).toEqual(ours);
    expect(readFileSync(path.join(to, shard), 'utf8')).toBe(content);
    const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
    expect(found).toEqual(
      ['in', 'in/restored', ...ours.map((name) => `in/restored/${name}`)].sort(),
    );
  });
});
