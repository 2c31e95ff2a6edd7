import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

type Row = Record<string, number | string>;

/** Somebody's counter of the original kind: SET replaces a day of a workstation, the secret is in the body. */
export interface PhraseCounter {
  url: string;
  secret: string;
  /** By workstation and day, as they were sent, without the secret. */
  rows: Map<string, Row>;
  close(): Promise<void>;
}

export async function startPhraseCounter(): Promise<PhraseCounter> {
  const secret = 'opens-the-counter';
  const rows = new Map<string, Row>();
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  async function answer(request: IncomingMessage): Promise<[number, unknown]> {
    if (request.method === 'GET' && request.url === '/api/by-workstation') {
      const names = new Set([...rows.values()].map((row) => row.workstation_id));
      const history = (name: unknown): Row[] =>
        [...rows.values()]
          .filter((row) => row.workstation_id === name)
          .map((row) =>
            Object.fromEntries(Object.entries(row).filter(([k]) => k !== 'workstation_id')),
          );
      return [200, [...names].map((name) => ({ workstation_id: name, history: history(name) }))];
    }
    if (request.method !== 'POST' || request.url !== '/api/set')
      return [404, { detail: 'Not Found' }];
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { secret: given, ...row } = JSON.parse(Buffer.concat(chunks).toString()) as Row;
    if (given !== secret) return [401, { detail: 'Invalid secret' }];
    rows.set(`${row.workstation_id} ${row.day}`, row);
    return [200, 'ok'];
  }
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secret,
    rows,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
