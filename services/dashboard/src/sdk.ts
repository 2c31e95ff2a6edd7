import { openSession } from '@coffee-roadmap/shared/db/session';
import type { TraceContent } from '@coffee-roadmap/shared/traces/content';
import { Router } from 'express';
import { ingestionRouter } from './ingestion/ingestion-router';
import { readsRouter } from './reads/reads-router';

export interface SdkOptions {
  /** Of the collector's login. */
  collectorUrl: string;
  content: TraceContent;
  version: string;
  onFault: (message: string) => void;
  /** Requests of one key in a minute; default 6,000. */
  keyPerMinute?: number;
}

/** What SDKs send and read, under /api/public. Throws what openSession throws. */
export async function openSdk(
  options: SdkOptions,
): Promise<{ routes: Router; close(): Promise<void> }> {
  const collector = await openSession(options.collectorUrl, 'collector', { connections: 8 });
  const { content, version, onFault, keyPerMinute = 6_000 } = options;
  const perMinute = { key: keyPerMinute, stranger: 120 };
  const routes = Router();
  routes.use('/api/public', (_request, response, next) => {
    response.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' });
    next();
  });
  routes.use(ingestionRouter({ collector, content, onFault, perMinute }));
  routes.use(readsRouter({ collector, version, onFault, perMinute }));
  return { routes, close: () => collector.close() };
}
