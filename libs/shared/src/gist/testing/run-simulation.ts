import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { ensureMirror } from '../../git/ensure-mirror';
import { quietEnvironment } from '../../git/environment';
import { GitHubClient } from '../../github/github-client';
import { createGist } from '../find-gist';
import { GistStore } from '../gist-store';
import { GitStore } from '../git-store';
import { startGistApi, TOKEN } from './gist-api';
import { MemoryStore } from './memory-store';
import { simulateMany } from './simulate';

/** What all share: how many rounds it took at most, in so many simulations from the first seed on. */
type Kind = (count: number, first: number, folder: string) => Promise<number>;

const memory: Kind = (count, first) =>
  simulateMany(count, first, () => {
    const store = new MemoryStore();
    return () => store;
  });

const git: Kind = async (count, first, folder) => {
  const url = path.join(folder, 'remote.git');
  const call = (...args: string[]) => execFileSync('git', args, { env: quietEnvironment() });
  call('init', '--quiet', '--bare', '--template=', url);
  // Two hosts; processes on one share its mirror.
  const mirrors = ['a', 'b'].map((host) => path.join(folder, host));
  for (const mirror of mirrors) await ensureMirror({ folder: mirror, url });
  // What they hold may be lost with the machine.
  for (const one of [url, ...mirrors]) call('-C', one, 'config', 'core.fsync', 'none');
  call('-C', url, 'config', 'receive.autogc', 'false');
  const stores = mirrors.map(
    (mirror) => new GitStore({ url, branch: 'main', mirror, retryDelaysMs: [] }),
  );
  const open = () => {
    rmSync(path.join(url, 'refs/heads/main'), { force: true });
    return (machine: number) => stores[Math.abs(machine) % 2]!;
  };
  const size = { awake: 2, actions: 2, shareReads: true };
  return simulateMany(count, first, open, size);
};

const gist: Kind = async (count, first) => {
  const api = await startGistApi();
  const pause = () => Promise.resolve();
  const create = new GitHubClient({ api: api.url, token: TOKEN });
  const rounds = await simulateMany(count, first, async () => {
    const { id } = await createGist(create, false);
    return (_machine, step) =>
      new GistStore(
        new GitHubClient({
          api: api.url,
          token: TOKEN,
          pause,
          send: (url, init) => step(() => fetch(url, init)),
        }),
        id,
      );
  });
  await api.close();
  return rounds;
};

const KINDS: Record<string, Kind> = { memory, git, gist };

/** `KIND COUNT FIRST-SEED FOLDER`. A program of its own: a test's sandbox makes it twice as slow. */
async function main([kind = '', count, first, folder = '']: string[]): Promise<void> {
  const rounds = await KINDS[kind]!(Number(count), Number(first), folder);
  process.stdout.write(`${rounds}\n`);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
