import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { connect } from 'node:net';
import { parseAllowList } from './allow-list';
import { createProxy } from './proxy';

const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const listen = (server: Server) =>
  new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

describe('the egress proxy', () => {
  let page: Server;
  let proxy: Server;
  let asked: IncomingMessage[];
  let said: string[];

  beforeEach(async () => {
    asked = [];
    said = [];
    page = createServer((incoming, response) => {
      asked.push(incoming);
      response.end(`page ${incoming.url}`);
    });
    await listen(page);
    const list = `127.0.0.1:${portOf(page)} localhost:${portOf(page)} 127.0.0.1:1`;
    proxy = createProxy(parseAllowList(list), (line) => said.push(line));
    await listen(proxy);
  });
  afterEach(async () => {
    for (const server of [page, proxy]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  function get(url: string, headers = {}): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: portOf(proxy), path: url, headers };
      request(options, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode!, text }));
      })
        .on('error', reject)
        .end();
    });
  }

  function tunnel(target: string): Promise<{ status: number; socket: Socket }> {
    return new Promise((resolve, reject) => {
      const options = { host: '127.0.0.1', port: portOf(proxy), method: 'CONNECT', path: target };
      request(options)
        .on('connect', ({ statusCode }, socket) => resolve({ status: statusCode!, socket }))
        .on('error', reject)
        .end();
    });
  }

  it('leads a tunnel to an address on the list', async () => {
    const { status, socket } = await tunnel(`127.0.0.1:${portOf(page)}`);
    expect(status).toBe(200);
    const answer = new Promise<string>((resolve) => {
      let text = '';
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
      socket.on('close', () => resolve(text));
    });
    socket.write('GET /inside HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(await answer).toMatch(/page \/inside$/);
  });

  it('passes a plain request on, without what was meant for the proxy alone', async () => {
    const headers = { 'proxy-authorization': 'Basic eA==', 'x-kept': 'yes' };
    const answer = await get(`http://127.0.0.1:${portOf(page)}/a?b=c`, headers);
    expect(answer).toEqual({ status: 200, text: 'page /a?b=c' });
    expect(asked[0]!.headers).toMatchObject({ host: `127.0.0.1:${portOf(page)}`, 'x-kept': 'yes' });
    expect(asked[0]!.headers['proxy-authorization']).toBeUndefined();
  });

  it('refuses a name on the list that leads to a private address', async () => {
    expect((await tunnel(`localhost:${portOf(page)}`)).status).toBe(403);
    expect((await get(`http://localhost:${portOf(page)}/`)).status).toBe(403);
    expect(said).toEqual(Array(2).fill('refused: localhost is a private address'));
    expect(asked).toEqual([]);
  });

  it.each([
    ['example.com:443', 403],
    ['127.0.0.1:443', 403],
    ['127.0.0.1', 400],
  ])('a tunnel to %p: %i', async (target, status) => {
    expect((await tunnel(target)).status).toBe(status);
  });

  it('is not misled by a name before the host', async () => {
    const { status } = await get(`http://127.0.0.1:${portOf(page)}@example.com/`);
    expect(status).toBe(403);
    expect(said).toEqual(['refused: example.com:80 is not on the list']);
  });

  it('says 502 where nobody answers, and 400 to what is no proxy request', async () => {
    expect((await tunnel('127.0.0.1:1')).status).toBe(502);
    expect((await get('http://127.0.0.1:1/')).status).toBe(502);
    expect((await get('/etc/passwd')).status).toBe(400);
    expect((await get('/health')).text).toBe('ok\n');
  });

  it('lives on when a client breaks off in the middle', async () => {
    const client = connect(portOf(proxy), '127.0.0.1');
    client.write(`CONNECT 127.0.0.1:${portOf(page)} HTTP/1.1\r\n\r\n`);
    await new Promise((resolve) => client.once('data', resolve));
    client.resetAndDestroy();
    expect((await get('/health')).status).toBe(200);
  });
});
