import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Files = Map<string, string>;

interface StoredGist {
  id: string;
  description: string;
  public: boolean;
  created_at: string;
  versions: { version: string; committed_at: string; files: Files }[];
}

/** GitHub's gist API on loopback, as far as it matters here; last write wins, as there. */
export interface GistApi {
  url: string;
  readonly gists: Map<string, StoredGist>;
  /** Statuses to answer with instead, one per request, before any other. */
  failures: { status: number; headers?: Record<string, string>; message?: string }[];
  /** Bodies above it are refused with 422. */
  mostBodyBytes: number;
  /** `METHOD path`, in order. */
  requests: string[];
  /** The Authorization of each request. */
  authorizations: (string | undefined)[];
  close(): Promise<void>;
}

export const TOKEN = 'ghp_0123456789abcdefghijABCDEFGHIJ012345';
const TRUNCATED_AT = 1 << 20;
const MOST_FILES = 300;

export async function startGistApi(): Promise<GistApi> {
  let made = 0;
  const api: GistApi = {
    url: '',
    gists: new Map(),
    failures: [],
    mostBodyBytes: 10 << 20,
    requests: [],
    authorizations: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const commit = (gist: StoredGist, files: Files): void => {
    const version = createHash('sha1')
      .update(`${gist.id} ${(made += 1)}`)
      .digest('hex');
    gist.versions.push({ version, committed_at: new Date().toISOString(), files });
  };
  const server = createServer((request, response) => {
    void body(request).then((text) => answer(request, response, text));
  });
  const answer = (request: IncomingMessage, response: ServerResponse, text: string): void => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const method = request.method ?? 'GET';
    api.requests.push(`${method} ${url.pathname}`);
    api.authorizations.push(request.headers.authorization);
    const say = (status: number, document: unknown, headers: Record<string, string> = {}): void => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(document));
    };
    const raw = /^\/raw\/(\w+)\/(\w+)\/(.+)$/.exec(url.pathname);
    if (raw) {
      const [, id = '', version, name = ''] = raw;
      const at = api.gists.get(id)?.versions.find((one) => one.version === version);
      const content = at?.files.get(decodeURIComponent(name));
      return void response.writeHead(content === undefined ? 404 : 200).end(content);
    }
    const failure = api.failures.shift();
    if (failure) {
      const message = failure.message ?? 'not now';
      return say(failure.status, { message }, failure.headers);
    }
    if (request.headers.authorization !== `Bearer ${TOKEN}`)
      return say(401, { message: 'Bad credentials' });
    if (url.pathname === '/gists' && method === 'GET') {
      const size = Number(url.searchParams.get('per_page') ?? 30);
      const page = Number(url.searchParams.get('page') ?? 1);
      const all = [...api.gists.values()].reverse();
      const more = all.length > page * size;
      const link = more ? { link: `<${api.url}/gists?page=${page + 1}>; rel="next"` } : undefined;
      const some = all.slice((page - 1) * size, page * size);
      return say(
        200,
        some.map((one) => show(api, one, false)),
        link,
      );
    }
    if (text.length > api.mostBodyBytes) return say(422, { message: 'Validation Failed' });
    const sent = (text === '' ? {} : JSON.parse(text)) as {
      description?: string;
      public?: boolean;
      files?: Record<string, { content?: string } | null>;
    };
    if (url.pathname === '/gists' && method === 'POST') {
      const id = createHash('md5')
        .update(`${(made += 1)}`)
        .digest('hex');
      const gist: StoredGist = {
        id,
        description: sent.description ?? '',
        public: sent.public === true,
        created_at: new Date(Date.UTC(2026, 0, 1) + made * 1000).toISOString(),
        versions: [],
      };
      const files = Object.entries(sent.files ?? {}).map(
        ([n, f]) => [n, f?.content ?? ''] as const,
      );
      commit(gist, new Map(files));
      api.gists.set(id, gist);
      return say(201, show(api, gist));
    }
    const [, id = '', rest] = /^\/gists\/(\w+)(?:\/(\w+))?$/.exec(url.pathname) ?? [];
    const gist = api.gists.get(id);
    if (!gist) return say(404, { message: 'Not Found' });
    if (rest === 'commits') {
      const size = Number(url.searchParams.get('per_page') ?? 30);
      const page = Number(url.searchParams.get('page') ?? 1);
      return say(200, history(gist).slice((page - 1) * size, page * size));
    }
    if (rest !== undefined) {
      const at = gist.versions.findIndex(({ version }) => version === rest);
      if (at < 0) return say(404, { message: 'Not Found' });
      return say(200, show(api, { ...gist, versions: gist.versions.slice(0, at + 1) }));
    }
    if (method === 'PATCH') {
      const files = new Map(gist.versions.at(-1)!.files);
      for (const [name, file] of Object.entries(sent.files ?? {})) {
        if (file === null ? !files.has(name) : !file.content)
          return say(422, { message: 'Validation Failed' });
        if (file === null) files.delete(name);
        else files.set(name, file.content!);
      }
      if (!same(files, gist.versions.at(-1)!.files)) commit(gist, files);
    }
    return say(200, show(api, gist));
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  api.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return api;
}

const history = ({ versions }: StoredGist): { version: string; committed_at: string }[] =>
  versions.map(({ version, committed_at }) => ({ version, committed_at })).reverse();

function show(api: GistApi, gist: StoredGist, withContent = true): object {
  const { version, files } = gist.versions.at(-1)!;
  const shown = [...files].slice(0, MOST_FILES).map(([filename, content]) => {
    const size = Buffer.byteLength(content);
    const about = {
      filename,
      size,
      raw_url: `${api.url}/raw/${gist.id}/${version}/${encodeURIComponent(filename)}`,
    };
    if (!withContent) return [filename, about];
    const truncated = size > TRUNCATED_AT;
    const cut = truncated ? Buffer.from(content).subarray(0, TRUNCATED_AT).toString() : content;
    return [filename, { ...about, truncated, content: cut }];
  });
  return {
    id: gist.id,
    description: gist.description,
    public: gist.public,
    created_at: gist.created_at,
    truncated: files.size > MOST_FILES,
    files: Object.fromEntries(shown) as object,
    ...(withContent && { history: history(gist).slice(0, 30) }),
  };
}

const same = (one: Files, other: Files): boolean =>
  one.size === other.size && [...one].every(([name, content]) => other.get(name) === content);

async function body(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
