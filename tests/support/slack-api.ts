/** A loopback Slack: the Web API's methods that the bot calls, Socket Mode, response URLs. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createSlackSocket, type SlackSocket } from './slack-socket';
import { messageClock, webMethods, type SlackState } from './slack-web-methods';
import { until } from './until';

/** What becomes of one call: refused, limited, or carried out with the answer lost. */
export type Fault =
  { kind: 'error'; error: string } | { kind: 'limited'; retryAfterS: number } | { kind: 'lost' };

export interface SlackCall {
  method: string;
  args: Record<string, unknown>;
  at: number;
}

export interface SlackApi extends SlackState {
  /** For COFFEE_ROADMAP_SLACK_API_URL. */
  apiUrl: string;
  responseUrl: string;
  socket: SlackSocket;
  calls: SlackCall[];
  /** The next call of this method goes wrong so. */
  fail(method: string, fault: Fault): void;
  /** Nothing goes wrong any more. */
  heal(): void;
  /** Waits for what `look` finds. */
  wait<T>(look: () => T | undefined | false, what: string): Promise<T>;
  close(): Promise<void>;
}

/** `host`: the address that it listens on, and by which the bot reaches it. */
export async function startSlackApi(host = '127.0.0.1'): Promise<SlackApi> {
  const state: SlackState = {
    messages: [],
    ephemerals: [],
    views: [],
    homes: [],
    responses: [],
    closed: new Set(),
    newTs: messageClock(),
  };
  const calls: SlackCall[] = [];
  const faults = new Map<string, Fault[]>();
  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  const socket = createSlackSocket(server);
  const methods = webMethods(state, `ws://${host}:${port}/socket`);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request);
    const path = new URL(request.url ?? '/', 'http://loopback').pathname;
    if (path === '/response') {
      state.responses.push(JSON.parse(body) as Record<string, unknown>);
      send(response, 200, { ok: true });
      return;
    }
    const method = path.replace(/^\/api\//, '');
    const args = decode(body);
    calls.push({ method, args, at: Date.now() });
    const fault = faults.get(method)?.shift();
    if (fault?.kind === 'limited') {
      response.setHeader('retry-after', String(fault.retryAfterS));
      send(response, 429, { ok: false, error: 'ratelimited' });
      return;
    }
    if (fault?.kind === 'error') {
      send(response, 200, { ok: false, error: fault.error });
      return;
    }
    const answer = methods[method]?.(args) ?? { ok: false, error: 'unknown_method' };
    if (fault?.kind === 'lost') request.socket.destroy();
    else send(response, 200, answer);
  }

  return {
    ...state,
    apiUrl: `http://${host}:${port}/api/`,
    responseUrl: `http://${host}:${port}/response`,
    socket,
    calls,
    fail: (method, fault) => faults.set(method, [...(faults.get(method) ?? []), fault]),
    heal: () => faults.clear(),
    async wait<T>(look: () => T | undefined | false, what: string): Promise<T> {
      let found: T | undefined | false;
      try {
        await until(what, () => (found = look()) !== undefined && found !== false, 15_000);
      } catch (error) {
        const seen = calls.slice(-8).map(({ method }) => method);
        throw new Error(`${(error as Error).message}; last calls: ${seen.join(', ')}`, {
          cause: error,
        });
      }
      return found as T;
    },
    async close() {
      socket.close();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Forms, in which objects are JSON. */
function decode(body: string): Record<string, unknown> {
  const args: Record<string, unknown> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    args[name] = /^[[{]/.test(value) ? (JSON.parse(value) as unknown) : value;
  }
  return args;
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
