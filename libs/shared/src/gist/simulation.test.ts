import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { quietEnvironment } from '../git/environment';
import { GitHubClient } from '../github/github-client';
import { GistStore } from './gist-store';
import { createGist } from './find-gist';
import { GitStore } from './git-store';
import { MemoryStore } from './testing/memory-store';
import { startGistApi, TOKEN } from './testing/gist-api';
import { simulateMany } from './testing/simulate';

// Far more than it takes; a machine that does other things too is no fault of this.
jest.setTimeout(900_000);

const first = Math.floor(Math.random() * 1e9);
const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-simulation-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => console.log(`simulations begin with seed ${first}`));

it('loses and doubles nothing in 10,000 interleavings of ten machines', async () => {
  const rounds = await simulateMany(10_000, first, () => {
    const store = new MemoryStore();
    return () => store;
  });
  expect(rounds).toBeLessThanOrEqual(2);
});

it('loses and doubles nothing in 200 interleavings over a real git remote', async () => {
  const url = path.join(folder, 'remote.git');
  execFileSync('git', ['init', '--quiet', '--bare', '--template=', url], {
    env: quietEnvironment(),
  });
  const open = (seed: number) => {
    // Two hosts; processes on one share its mirror.
    const stores = ['a', 'b'].map(
      (host) =>
        new GitStore({
          url,
          branch: `s${seed}`,
          mirror: path.join(folder, host),
          retryDelaysMs: [],
        }),
    );
    return (machine: number) => stores[Math.abs(machine) % 2]!;
  };
  const size = { awake: 2, actions: 2, shareQuietReads: true };
  const rounds = await simulateMany(200, first, open, size);
  expect(rounds).toBeLessThanOrEqual(2);
});

it('loses and doubles nothing in 200 interleavings over the API of a gist', async () => {
  const api = await startGistApi();
  const pause = () => Promise.resolve();
  const create = new GitHubClient({ api: api.url, token: TOKEN });
  const rounds = await simulateMany(200, first, async () => {
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
  expect(rounds).toBeLessThanOrEqual(2);
});
