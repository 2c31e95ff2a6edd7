import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { quietEnvironment } from '../environment';

export interface HttpRemote {
  url: string;
  /** Statuses to answer with instead, one per request, before any other. */
  failures: number[];
  /** Another origin, to which every request is sent on. */
  redirectTo?: string;
  /** The `Authorization` of each request, in order. */
  authorizations: (string | undefined)[];
  /** While the client waits for its answer. */
  onRequest?: () => void;
  close(): Promise<void>;
}

/** Serves a bare repository over http with git's own CGI program, to whoever knows the token. */
export async function serveOverHttp(repository: string, login?: string): Promise<HttpRemote> {
  const remote: HttpRemote = {
    url: '',
    failures: [],
    authorizations: [],
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const wanted = login && `Basic ${Buffer.from(login).toString('base64')}`;
  const server = createServer((request, response) => {
    remote.authorizations.push(request.headers.authorization);
    remote.onRequest?.();
    const failure = remote.failures.shift();
    if (failure) return void response.writeHead(failure).end();
    if (remote.redirectTo) {
      const location = `${remote.redirectTo}${request.url ?? ''}`;
      return void response.writeHead(302, { Location: location }).end();
    }
    if (wanted && request.headers.authorization !== wanted) {
      return void response.writeHead(401, { 'WWW-Authenticate': 'Basic realm="git"' }).end();
    }
    serve(repository, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  remote.url = `http://127.0.0.1:${port}/${encodeURIComponent(path.basename(repository))}`;
  return remote;
}

function serve(repository: string, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const cgi = spawn('git', ['-c', 'http.receivepack=true', 'http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      PATH: quietEnvironment().PATH,
      GIT_PROJECT_ROOT: path.dirname(repository),
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      REMOTE_USER: 'somebody',
    },
  });
  cgi.stdin.on('error', () => undefined);
  request.pipe(cgi.stdin);
  const chunks: Buffer[] = [];
  cgi.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  cgi.on('close', () => {
    const answer = Buffer.concat(chunks);
    const end = answer.indexOf('\r\n\r\n');
    for (const line of answer.subarray(0, end).toString().split('\r\n')) {
      const [name = '', value = ''] = line.split(': ');
      if (name === 'Status') response.statusCode = Number.parseInt(value, 10);
      else response.setHeader(name, value);
    }
    response.end(answer.subarray(end + 4));
  });
}
