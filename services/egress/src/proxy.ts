/** The agents' one way out: an HTTP proxy that knows where it may lead. */
import { lookup } from 'node:dns/promises';
import {
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, isIP, type Socket } from 'node:net';
import { pipeline } from 'node:stream';
import type { Duplex } from 'node:stream';
import type { AllowList } from './allow-list';
import { isPublicAddress } from './public-address';

const CONNECT_MS = 15_000;
/** What concerns one connection only and is not passed on. */
const HOP = [
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'upgrade',
];

/** `say` gets one line for each refusal, without anything that the agent could have put in but a host. */
export function createProxy(allow: AllowList, say: (line: string) => void): Server {
  async function find(host: string, port: number): Promise<string | undefined> {
    const entry = allow.find(host, port);
    if (entry === undefined) {
      say(`refused: ${printable(host)}:${port} is not on the list`);
      return undefined;
    }
    const name = host.replace(/^\[|\]$/g, '');
    const found = isIP(name) ? [{ address: name }] : await lookup(name, { all: true });
    // The address that was looked at is the one that is used: a second look-up could say another.
    const address = found.find((one) => entry.privateToo || isPublicAddress(one.address))?.address;
    if (address === undefined) say(`refused: ${printable(host)} is a private address`);
    return address;
  }

  async function tunnel(
    { url = '' }: IncomingMessage,
    client: Duplex,
    head: Buffer,
  ): Promise<void> {
    client.on('error', () => client.destroy());
    const target = URL.canParse(`http://${url}`) ? new URL(`http://${url}`) : undefined;
    const port = Number(/:(\d+)$/.exec(url)?.[1]);
    if (target === undefined || !port) return void client.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    const address = await find(target.hostname, port).catch(() => undefined);
    if (address === undefined) return void client.end(`HTTP/1.1 403 Forbidden\r\n\r\n${NO}`);
    const server: Socket = connect({ host: address, port, timeout: CONNECT_MS });
    server.once('timeout', () => server.destroy());
    server.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    server.once('connect', () => {
      server.setTimeout(0);
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      server.write(head);
      pipeline(client, server, client, () => undefined);
    });
    client.once('close', () => server.destroy());
  }

  async function pass(asked: IncomingMessage, response: ServerResponse): Promise<void> {
    if (asked.url === '/health') return void response.end('ok\n');
    const url = URL.canParse(asked.url ?? '') ? new URL(asked.url ?? '') : undefined;
    if (url?.protocol !== 'http:') return void response.writeHead(400).end();
    const port = Number(url.port || 80);
    const host = await find(url.hostname, port).catch(() => undefined);
    if (host === undefined) return void response.writeHead(403).end(NO);
    const headers = Object.fromEntries(
      Object.entries(asked.headers).filter(([name]) => !HOP.includes(name)),
    );
    const options = { host, port, method: asked.method, path: url.pathname + url.search };
    const passed = request({ ...options, headers: { ...headers, host: url.host } }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response, () => undefined);
    });
    passed.on('error', () => void (response.headersSent || response.writeHead(502).end()));
    pipeline(asked, passed, () => undefined);
  }

  const server = createServer((asked, response) => void pass(asked, response));
  server.on('connect', (asked, client, head) => void tunnel(asked, client, head));
  return server;
}

const NO = 'This host is not on the list of hosts that agents may reach.\n';

function printable(host: string): string {
  return host.replace(/[^\x21-\x7e]/g, '?').slice(0, 253);
}
