import { openSession } from '@coffee-roadmap/shared/db/session';
import { Router } from 'express';
import type { DashboardConfig } from './config';
import { ingestionRouter } from './ingestion/ingestion-router';
import { log } from './log';
import { recordsRouter } from './records/records-router';
import { readsRouter } from './reads/reads-router';

export const VERSION = '0.1.0';

type SdkConfig = Pick<DashboardConfig, 'collectorUrl' | 'traceContent' | 'keyPerMinute'>;

export interface Sdk {
  routes: Router;
  close(): Promise<void>;
}

/**
 * What SDKs send and read, under /api/public, and what machines send, under /api/records; nothing where there is no collector's login. Throws what
 * openSession throws. `onFault` hears of what is wrong with us, and nothing of a request.
 */
export async function openSdk(
  { collectorUrl, traceContent: content, keyPerMinute }: SdkConfig,
  onFault: (message: string) => void = (message) => log('error', `for SDKs: ${message}`),
): Promise<Sdk> {
  const routes = Router();
  if (collectorUrl === undefined) return { routes, close: () => Promise.resolve() };
  const collector = await openSession(collectorUrl, 'collector', { connections: 8 });
  const perMinute = { key: keyPerMinute, stranger: 120 };
  routes.use(['/api/public', '/api/records'], (_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    next();
  });
  routes.use(ingestionRouter({ collector, content, onFault, perMinute }));
  routes.use(readsRouter({ collector, version: VERSION, onFault, perMinute }));
  routes.use(recordsRouter({ collector, onFault, perMinute: { token: 600, stranger: 120 } }));
  return { routes, close: () => collector.close() };
}
