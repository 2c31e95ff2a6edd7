import { runDaemonProcess } from '@coffee-roadmap/shared/local-stack/daemon-process';
import type { TraceEvent } from '@coffee-roadmap/shared/traces/trace-event';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import type { BenchDatabase } from '../server/bench-server';

export interface Endpoint {
  send(events: TraceEvent[]): Promise<void>;
  stop(): Promise<void>;
}

/** As many as the langfuse package puts into a request, and requests on their way at once. */
const IN_REQUEST = 15;
const AT_ONCE = 16;
const PATIENCE_MS = 30_000;

/** The built dashboard with a collector's login, and a program that sends to it. */
export async function startEndpoint(
  database: BenchDatabase,
  key: { public_key: string; secret_key: string },
): Promise<Endpoint> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'coffee-bench-'));
  let told: (address: string) => void = () => undefined;
  const serving = new Promise<string>((resolve) => (told = resolve));
  const dashboard = runDaemonProcess({
    program: 'dashboard',
    env: {
      ...{ HOME: home, PATH: process.env.PATH ?? '' },
      COFFEE_ROADMAP_DASHBOARD_DATABASE_URL: await database.login('dashboard', 'dashboard'),
      COFFEE_ROADMAP_DASHBOARD_COLLECTOR_URL: await database.login('collector', 'collector'),
      COFFEE_ROADMAP_DASHBOARD_PORT: '0',
      COFFEE_ROADMAP_DASHBOARD_KEY_PER_MINUTE: '1000000',
    },
    logFile: path.join(home, 'dashboard.log'),
    onMessage: (message) => told((message as { address: string }).address),
  });
  const late = AbortSignal.timeout(PATIENCE_MS);
  const address = await Promise.race([
    serving,
    new Promise<never>((_, reject) =>
      late.addEventListener('abort', () => reject(new Error('the dashboard did not start'))),
    ),
  ]);
  const pair = Buffer.from(`${key.public_key}:${key.secret_key}`).toString('base64');

  // Not fetch, which costs this side more than a request costs the server.
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const headers = { authorization: `Basic ${pair}`, 'content-type': 'application/json' };

  async function post(batch: TraceEvent[]): Promise<void> {
    const { status, body } = await new Promise<{ status?: number; body: string }>(
      (resolve, reject) => {
        const options = { method: 'POST', agent, headers };
        const sent = request(`${address}/api/public/ingestion`, options, (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part: string) => (text += part));
          response.on('end', () => resolve({ status: response.statusCode, body: text }));
        });
        sent.on('error', reject).end(JSON.stringify({ batch }));
      },
    );
    const { errors } = JSON.parse(body) as { errors?: unknown[] };
    if (status !== 207 || errors?.length !== 0) throw new Error(`HTTP ${status}`);
  }

  return {
    async send(events) {
      let from = 0;
      const work = async (): Promise<void> => {
        while (from < events.length) await post(events.slice(from, (from += IN_REQUEST)));
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
    },
    async stop() {
      agent.destroy();
      await dashboard.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
