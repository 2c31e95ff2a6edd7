import type { TraceEvent } from '@coffee-roadmap/shared/traces/trace-event';
import { Agent, request } from 'node:http';
import type { BenchDatabase } from '../server/bench-server';
import { startDashboard } from '../server/dashboard';

export interface Endpoint {
  send(events: TraceEvent[]): Promise<void>;
  stop(): Promise<void>;
}

/** As many as the langfuse package puts into a request, and requests on their way at once. */
const IN_REQUEST = 15;
const AT_ONCE = 16;

/** The built dashboard with a collector's login, and a program that sends to it. */
export async function startEndpoint(
  database: BenchDatabase,
  key: { public_key: string; secret_key: string },
): Promise<Endpoint> {
  const dashboard = await startDashboard(database);
  const pair = Buffer.from(`${key.public_key}:${key.secret_key}`).toString('base64');

  // Not fetch, which costs this side more than a request costs the server.
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE });
  const headers = { authorization: `Basic ${pair}`, 'content-type': 'application/json' };

  async function post(batch: TraceEvent[]): Promise<void> {
    const { status, body } = await new Promise<{ status?: number; body: string }>(
      (resolve, reject) => {
        const options = { method: 'POST', agent, headers };
        const sent = request(`${dashboard.address}/api/public/ingestion`, options, (response) => {
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
    },
  };
}
