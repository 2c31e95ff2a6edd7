import { GitHubClient, type Send } from '../github/github-client';
import { createGist, DESCRIPTION, findGists } from './find-gist';
import { GistStore } from './gist-store';
import { startGistApi, TOKEN, type GistApi } from './testing/gist-api';
import { A, B, localOf, pull, push, usageLine } from './testing/remote';

let api: GistApi;
const pauses: number[] = [];
beforeAll(async () => (api = await startGistApi()));
afterAll(() => api.close());
beforeEach(() => void pauses.splice(0));

const clientOf = (token = TOKEN): GitHubClient =>
  new GitHubClient({
    api: api.url,
    token,
    now: () => 1_000_000,
    pause: (ms) => Promise.resolve(void pauses.push(ms)),
  });
const many = (id: string, count: number): Buffer[] =>
  Array.from({ length: count }, (_, n) => usageLine(id, n));

async function newStore(): Promise<{ id: string; store: GistStore }> {
  const { id } = await createGist(clientOf(), false);
  return { id, store: new GistStore(clientOf(), id) };
}

it('waits as long as GitHub asks for, and says when where that is too long', async () => {
  const { store } = await newStore();
  api.failures = [
    { status: 429, headers: { 'retry-after': '7' } },
    { status: 403, headers: { 'retry-after': '3' }, message: 'secondary rate limit' },
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1011' } },
    { status: 502 },
  ];
  await store.read();
  expect(pauses).toEqual([7_000, 3_000, 11_000, 8_000]);
  api.failures = [
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4600' } },
  ];
  await expect(store.read()).rejects.toMatchObject({
    code: 'not_reachable',
    message: 'GitHub asks for a pause until 1970-01-01T01:16Z',
  });
  api.failures = Array.from({ length: 5 }, () => ({ status: 500 }));
  await expect(store.read()).rejects.toMatchObject({ code: 'not_reachable' });
});

it('tells a wrong token from a missing gist, and never repeats the token', async () => {
  const { id } = await newStore();
  const wrong = 'ghp_wrong0wrong0wrong0';
  await expect(new GistStore(clientOf(wrong), id).read()).rejects.toMatchObject({
    code: 'not_allowed',
  });
  await expect(new GistStore(clientOf(), 'abc').read()).rejects.toMatchObject({
    code: 'not_found',
  });
  api.failures = [{ status: 403, message: `who is ${TOKEN}?` }];
  await expect(new GistStore(clientOf(), id).read()).rejects.toThrow('who is ***?');
  expect(() => new GitHubClient({ api: 'http://example.org', token: TOKEN })).toThrow(/https/);
  expect(() => new GistStore(clientOf(), '../user')).toThrow(/no gist/);
});

it('looks through every page for its gist, and makes secret ones', async () => {
  const { id } = await newStore();
  for (let i = 0; i < 120; i += 1)
    await clientOf().ask('POST', '/gists', { description: 'x', files: { a: { content: 'b' } } });
  const found = await findGists(clientOf(), [DESCRIPTION]);
  expect(found.find((one) => one.id === id)).toMatchObject({ public: false });
});

it('sends large pushes in pieces, and fetches what the API cuts off', async () => {
  const { id, store } = await newStore();
  api.mostBodyBytes = 150_000;
  const own = [1, 2, 3].flatMap((month) =>
    Array.from({ length: 3_000 }, (_, n) => usageLine(A, n, `2026-0${month}-01T00:00:00.000Z`)),
  );
  await push(store, localOf(A, 'devbox', own));
  const patches = api.requests.filter((one) => one === `PATCH /gists/${id}`);
  expect(patches.length).toBeGreaterThan(1);
  api.mostBodyBytes = 10 << 20;
  // Somebody else's, plain and over a megabyte: its content comes cut.
  const text = `${many(B, 4_000).join('\n')}\n`;
  expect(text.length).toBeGreaterThan(1 << 20);
  await clientOf().ask('PATCH', `/gists/${id}`, {
    files: { [`records_${B}_2026-03_p1.ndjson`]: { content: text } },
  });
  api.authorizations.splice(0);
  const { lines, refused } = await pull(await store.read());
  expect([lines.get(A)!.length, lines.get(B)!.length, refused]).toEqual([9_000, 4_000, []]);
  expect(api.authorizations.filter((one) => one === undefined)).toHaveLength(1);
});

it('takes a 409 for another’s write, and says what cannot be taken at all', async () => {
  const { id, store } = await newStore();
  const conflicts: number[] = [];
  let asked = 0;
  const send: Send = (url, init) => {
    if (init.method === 'PATCH' && (asked += 1) === 1) api.failures.push({ status: 409 });
    return fetch(url, init);
  };
  const busy = new GistStore(new GitHubClient({ api: api.url, token: TOKEN, send }), id);
  const local = localOf(A, 'devbox', many(A, 3));
  await push(busy, local, { onConflict: ({ attempt }) => conflicts.push(attempt) });
  expect([conflicts, asked]).toEqual([[1], 2]);
  api.mostBodyBytes = 100;
  const more = localOf(A, 'devbox', many(A, 5));
  await expect(push(store, more)).rejects.toThrow(/too large/);
  api.mostBodyBytes = 10 << 20;
  expect((await push(store, more)).sent).toBe(2);
});
