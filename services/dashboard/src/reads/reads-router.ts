/** What the SDKs read back, of the key's project alone. */
import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import {
  checkProjectKey,
  findTraceWithKey,
  listWithKey,
  mustAnswer,
  type ProjectKeyPair,
} from '@coffee-roadmap/shared/traces/queries';
import { Router, type Request, type RequestHandler } from 'express';
import { apiErrorHandler, notHere } from '../ingestion/api-errors';
import { readKey } from '../ingestion/key-credentials';
import { limitKeys, limitStrangers } from '../ingestion/limits';
import * as filters from './filters';
import * as shapes from './langfuse-shapes';

export interface ReadsOptions {
  collector: Session<'collector'>;
  /** For whoever asks how we are. */
  version: string;
  onFault: (message: string) => void;
  /** Requests in a minute; defaults 600 of a key, 120 of an address without a valid one. */
  perMinute?: { key: number; stranger: number };
}

/** Mounted at `/`; answers everything below /api/public that the ingestion has not. */
export function readsRouter(options: ReadsOptions): Router {
  const { collector, version } = options;
  const perMinute = options.perMinute ?? { key: 600, stranger: 120 };
  const router = Router();

  router.get('/api/public/health', async (_request, response) => {
    await mustAnswer(collector);
    response.json({ status: 'OK', version });
  });

  const gates = [limitStrangers(perMinute.stranger), limitKeys(perMinute.key)];
  const get = (
    path: string,
    answer: (request: Request, key: ProjectKeyPair) => Promise<object>,
  ): void => {
    const handler: RequestHandler = async (request, response) => {
      response.json(await answer(request, readKey(request)));
    };
    router.get(`/api/public${path}`, ...gates, handler);
  };
  const found = <T>(row: T | null | undefined, noun: string): T => {
    if (row == null) throw new AppError('not_found', `there is no such ${noun}`);
    return row;
  };

  get('/projects', async (_request, key) => {
    const { project_id: id, project_name: name } = await checkProjectKey(collector, key);
    return { data: [{ id, name, metadata: {} }] };
  });
  get('/traces', async ({ query }, key) => {
    const filter = filters.readFilter(query, filters.TRACE_FILTER);
    const { rows, total } = await listWithKey(collector, key, 'traces', filter);
    return { data: rows.map(shapes.traceItem), meta: filters.pageOf(filter, total) };
  });
  get('/traces/:id', async ({ params }, key) =>
    shapes.wholeTrace(found(await findTraceWithKey(collector, key, idOf(params.id)), 'trace')),
  );
  get('/sessions', async ({ query }, key) => {
    const filter = filters.readFilter(query, filters.SESSION_FILTER);
    const { rows, total } = await listWithKey(collector, key, 'sessions', filter);
    const { project_id } = await checkProjectKey(collector, key);
    const data = rows.map((row) => shapes.sessionItem(row, project_id));
    return { data, meta: filters.pageOf(filter, total) };
  });
  get('/sessions/:id', async ({ params }, key) => {
    const session_id = idOf(params.id);
    const { rows } = await listWithKey(collector, key, 'traces', { session_id, limit: '100' });
    const { project_id, at, environment } = found(rows.at(-1), 'session');
    const session = shapes.sessionItem({ id: session_id, at, environment }, project_id);
    return { ...session, traces: rows.map(shapes.traceItem) };
  });
  get('/observations', async ({ query }, key) => {
    const filter = filters.readFilter(query, filters.OBSERVATION_FILTER);
    const { rows, total } = await listWithKey(collector, key, 'observations', filter);
    return { data: rows.map(shapes.observation), meta: filters.pageOf(filter, total) };
  });
  get('/observations/:id', async ({ params }, key) => {
    const { rows } = await listWithKey(collector, key, 'observations', { id: idOf(params.id) });
    return shapes.observation(found(rows[0], 'observation'));
  });
  // The newer name of it, which the SDKs ask for.
  for (const path of ['/scores', '/v2/scores']) {
    get(path, async ({ query }, key) => {
      const filter = filters.readFilter(query, filters.SCORE_FILTER);
      const { rows, total } = await listWithKey(collector, key, 'scores', filter);
      return { data: rows.map(shapes.score), meta: filters.pageOf(filter, total) };
    });
    get(`${path}/:id`, async ({ params }, key) => {
      const { rows } = await listWithKey(collector, key, 'scores', { id: idOf(params.id) });
      return shapes.score(found(rows[0], 'score'));
    });
  }

  router.use('/api/public', notHere, apiErrorHandler(options.onFault));
  return router;
}

function idOf(param: string | string[] | undefined): string {
  return String(param).replaceAll('\0', '').slice(0, 200);
}
