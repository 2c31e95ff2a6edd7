import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** GitHub's API of issues on loopback, as far as it matters here. */
export interface IssuesApi {
  url: string;
  /** Statuses to answer with instead, one per request, before any other. */
  failures: { status: number; headers?: Record<string, string>; message?: string }[];
  /** `path?query`, in order. */
  requests: string[];
  close(): Promise<void>;
}

export const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
/** Of us/shop; every fifth is a pull request. us/secret has the same, for the token alone. */
export const COUNT = 205;

export async function startIssuesApi(): Promise<IssuesApi> {
  const issue = (repository: string, number: number): object => ({
    ...{ number, title: `Title ${number}`, state: number % 2 === 0 ? 'closed' : 'open' },
    html_url: `https://github.com/${repository}/issues/${number}`,
    ...(number % 5 === 0 ? { pull_request: {} } : {}),
  });
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', api.url);
    api.requests.push(`${url.pathname}${url.search}`);
    const say = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    const failure = api.failures.shift();
    if (failure !== undefined) {
      return say(failure.status, { message: failure.message ?? 'not now' }, failure.headers);
    }
    const { authorization } = request.headers;
    if (authorization !== undefined && authorization !== `Bearer ${TOKEN}`) {
      return say(401, { message: 'Bad credentials' });
    }
    const [, repository = '', number] =
      /^\/repos\/([^/]+\/[^/]+)\/issues(?:\/(\d+))?$/.exec(url.pathname) ?? [];
    const seen = repository === 'us/shop' || (repository === 'us/secret' && authorization);
    if (!seen || Number(number ?? 1) > COUNT) return say(404, { message: 'Not Found' });
    if (number !== undefined) return say(200, issue(repository, Number(number)));
    const per = Number(url.searchParams.get('per_page') ?? 30);
    const page = Number(url.searchParams.get('page') ?? 1);
    const numbers = Array.from({ length: COUNT }, (_, i) => COUNT - i);
    const more = page * per < COUNT;
    url.searchParams.set('page', String(page + 1));
    const link = more ? { link: `<${url.href}>; rel="next"` } : undefined;
    const shown = numbers.slice((page - 1) * per, page * per);
    say(
      200,
      shown.map((n) => issue(repository, n)),
      link,
    );
  });
  const api: IssuesApi = {
    ...{ url: '', failures: [], requests: [] },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return api;
}
