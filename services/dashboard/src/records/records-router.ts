import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { importStream } from '@coffee-roadmap/shared/imports/import-stream';
import { findCursor, machineOfToken } from '@coffee-roadmap/shared/imports/queries';
import {
  STREAM_LIMITS,
  watchStream,
  type StreamEnd,
} from '@coffee-roadmap/shared/remotes/watched-stream';
import { Router, type ErrorRequestHandler, type Request, type RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { createHash } from 'node:crypto';
import { createGunzip } from 'node:zlib';
import { answerError, apiErrorHandler } from '../ingestion/api-errors';
import { limitStrangers } from '../ingestion/limits';

export interface RecordsOptions {
  collector: Session<'collector'>;
  /** Hears of what is wrong with us; never anything of a request. */
  onFault: (message: string) => void;
  /** Requests in a minute: of a token, and of an address without a valid one. */
  perMinute: { token: number; stranger: number };
  /** Bodies that are read at once; default 4. */
  atOnce?: number;
}

/** Unpacked, in one request; what came until then is kept. */
const MOST_BYTES = 64 << 20;
const ROAD = 'http';

/**
 * `GET /api/records` says how far a machine is known, `POST /api/records` takes what it recorded since:
 * lines as `export` writes them, gzip or not, read as they come. The machine is its token's.
 */
export function recordsRouter(options: RecordsOptions): Router {
  const { collector, perMinute, onFault } = options;
  const router = Router();
  const token = rateLimit({
    windowMs: 60_000,
    limit: perMinute.token,
    legacyHeaders: false,
    keyGenerator: (request) => createHash('sha256').update(tokenOf(request)).digest('base64'),
    handler: (_request, response) => answerError(response, 429, 'too many requests', 5),
  });
  const gates = [limitStrangers(perMinute.stranger), token];
  router.get('/api/records', ...gates, async (request, response) => {
    const reporter = { session: collector, token: tokenOf(request) };
    const machineId = await machineOfToken(collector, reporter.token);
    const cursor = await findCursor(reporter, machineId, ROAD);
    response.json({ machine_id: machineId, cursor: cursor ?? null });
  });
  router.post('/api/records', ...gates, takeRecords(options));
  router.use('/api/records', asBearer, apiErrorHandler(onFault));
  return router;
}

function takeRecords({ collector, atOnce = 4 }: RecordsOptions): RequestHandler {
  let running = 0;
  return async (request, response) => {
    if (running >= atOnce) return answerError(response, 503, 'others are sending; come again', 2);
    running += 1;
    try {
      const reporter = { session: collector, token: tokenOf(request) };
      const machineId = await machineOfToken(collector, reporter.token);
      const limits = { ...STREAM_LIMITS, allBytes: MOST_BYTES };
      const stream = watchStream(bodyOf(request), limits);
      const { counts } = await importStream(reporter, stream.chunks, {
        road: ROAD,
        moveCursor: true,
        only: machineId,
        onRecord: stream.took,
      });
      const end = stream.ended();
      if (end !== undefined) {
        response.set('Connection', 'close'); // what is still on its way is not waited for
        return answerError(response, ...REFUSALS[end]);
      }
      const cursor = await findCursor(reporter, machineId, ROAD);
      response.json({ ...counts, cursor: cursor ?? null });
    } finally {
      running -= 1;
    }
  };
}

const REFUSALS: Record<NonNullable<StreamEnd>, [status: number, message: string]> = {
  silent: [408, 'nothing more came; what came is kept'],
  no_records: [413, 'too much came without a record; what came before is kept'],
  long_line: [413, 'a line is longer than any record; what came before is kept'],
  too_large: [413, 'the body is too large: go on behind the cursor'],
  unreadable: [400, 'the body could not be read to its end; what came is kept'],
};

/** Throws `invalid_input` for an encoding that is unknown here. */
function bodyOf(request: Request): AsyncIterable<Uint8Array> {
  const encoding = request.get('content-encoding') ?? 'identity';
  if (encoding === 'identity') return request;
  if (encoding === 'gzip') {
    const unpacked = createGunzip({ chunkSize: 1 << 18 });
    request.once('error', (error) => unpacked.destroy(error));
    request.once('close', () => request.complete || unpacked.destroy(new Error('cut off')));
    return request.pipe(unpacked);
  }
  throw Object.assign(new Error('unknown encoding'), { status: 415 });
}

/** The token of `Authorization: Bearer …`. Throws `not_allowed` without one. */
function tokenOf(request: Request): string {
  const found = /^Bearer +(crm_[0-9a-f]{64})$/i.exec(request.get('authorization') ?? '')?.[1];
  if (found !== undefined) return found;
  throw new AppError('not_allowed', 'a machine’s token is asked for here', {
    hint: 'coffee-roadmap machines token create makes one; it goes into Authorization: Bearer.',
  });
}

const asBearer: ErrorRequestHandler = (error: unknown, _request, response, next) => {
  if (toAppError(error).code === 'not_allowed')
    response.set('WWW-Authenticate', 'Bearer realm="coffee-roadmap"');
  next(error);
};
