import { COUNT, startIssuesApi, TOKEN, type IssuesApi } from '../testing/issues-api';
import { GitHubIssues } from './github-issues';

let api: IssuesApi;
const pauses: number[] = [];
beforeAll(async () => (api = await startIssuesApi()));
afterAll(() => api.close());
beforeEach(() => {
  pauses.splice(0);
  api.requests.splice(0);
});

const issues = (token?: string): GitHubIssues =>
  new GitHubIssues({
    ...{ api: api.url, token, now: () => 1_000_000 },
    pause: (ms) => Promise.resolve(void pauses.push(ms)),
  });

it('lists all pages, without the pull requests', async () => {
  const all = await issues().list('us/shop');
  expect(api.requests.map((one) => /page=(\d+)$/.exec(one)?.[1])).toEqual(['1', '2', '3']);
  expect(all).toHaveLength(COUNT - COUNT / 5);
  expect(all[0]).toEqual({
    ...{ id: 'github:us/shop#204', title: 'Title 204', state: 'closed' },
    url: 'https://github.com/us/shop/issues/204',
  });
});

it('finds one, and tells nobody what they may not see', async () => {
  expect(await issues().find('us/shop#7')).toMatchObject({ title: 'Title 7', state: 'open' });
  expect(await issues().find('us/shop#9999')).toBeUndefined();
  expect(await issues().find('us/secret#7')).toBeUndefined();
  expect(await issues(TOKEN).find('us/secret#7')).toMatchObject({ id: 'github:us/secret#7' });
  await expect(issues().list('us/secret')).rejects.toMatchObject({
    ...{ code: 'not_found', hint: expect.stringContaining('GITHUB_TOKEN') as string },
  });
});

it('waits as long as GitHub asks for, and says when where that is too long', async () => {
  api.failures = [
    { status: 429, headers: { 'retry-after': '7' } },
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '1011' } },
    { status: 502 },
  ];
  expect(await issues().find('us/shop#1')).toMatchObject({ title: 'Title 1' });
  expect(pauses).toEqual([7_000, 11_000, 4_000]);
  api.failures = [
    { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '4600' } },
  ];
  await expect(issues().find('us/shop#1')).rejects.toMatchObject({
    ...{ code: 'not_reachable', message: 'GitHub asks for a pause until 1970-01-01T01:16Z' },
  });
});

it('says that a token is refused, and never what it is', async () => {
  const wrong = 'ghp_wrong0wrong0wrong0';
  const refused = { code: 'not_allowed', message: 'GitHub refuses the token: Bad credentials' };
  await expect(issues(wrong).find('us/shop#1')).rejects.toMatchObject(refused);
  api.failures = [{ status: 403, message: `who is ${TOKEN}?` }];
  await expect(issues(TOKEN).find('us/shop#1')).rejects.toThrow('who is ***?');
});

it.each(['us/shop', 'shop#1', '../..#1', 'us/..#1', 'us/shop#x', 'us/a b#1', 'us/a/b#1'])(
  'asks nobody for %p',
  async (key) => {
    await expect(issues().find(key)).rejects.toMatchObject({ code: 'invalid_input' });
    expect(api.requests).toEqual([]);
  },
);
