/** What the SDKs send: `POST /api/public/ingestion` of Langfuse's, `POST /api/public/otel/v1/traces`. */
import type { Session } from '@coffee-roadmap/shared/db/session';
import type { TraceContent } from '@coffee-roadmap/shared/traces/content';
import { ingestWithKey } from '@coffee-roadmap/shared/traces/queries';
import { raw, Router, type RequestHandler } from 'express';
import { apiErrorHandler } from './api-errors';
import { createEventBatcher, type EventBatcher } from './event-batcher';
import { readKey } from './key-credentials';
import { langfuseBatch } from './langfuse-batch-route';
import { limitKeys, limitStrangers } from './limits';
import { otlpExport } from './otlp-export-route';

export interface IngestionOptions {
  collector: Session<'collector'>;
  /** How much of what was said to models and by them is kept. */
  content: TraceContent;
  /** Hears of what is wrong with us; never anything of a request. */
  onFault: (message: string) => void;
  /** Requests in a minute; defaults 6,000 of a key, 120 of an address without a valid one. */
  perMinute?: { key: number; stranger: number };
}

export interface RouteContext {
  batcher: EventBatcher;
  content: TraceContent;
}

/** Unpacked. The SDKs send at most 2.5 MB at once. */
const MOST_BYTES = 8 * 1024 * 1024;

/** Mounted at `/`, before anything that reads bodies. */
export function ingestionRouter(options: IngestionOptions): Router {
  const { collector, content, onFault } = options;
  const perMinute = options.perMinute ?? { key: 6_000, stranger: 120 };
  const batcher = createEventBatcher((key, events) => ingestWithKey(collector, key, events));
  const context = { batcher, content };
  const router = Router();
  const body = raw({ type: () => true, limit: MOST_BYTES });
  const gates = [limitStrangers(perMinute.stranger), mustHaveKey, limitKeys(perMinute.key), body];
  router.post('/api/public/ingestion', ...gates, langfuseBatch(context));
  router.post('/api/public/otel/v1/traces', ...gates, otlpExport(context));
  router.use('/api/public', apiErrorHandler(onFault));
  return router;
}

/** Nobody's body is read. */
const mustHaveKey: RequestHandler = (request, _response, next) => {
  readKey(request);
  next();
};
