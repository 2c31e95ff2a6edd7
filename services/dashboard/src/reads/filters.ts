import { AppError } from '@coffee-roadmap/shared/errors';
import type { TraceFilter } from '@coffee-roadmap/shared/traces/queries';
import type { Request } from 'express';

const PAGE = { page: 'page', limit: 'limit', environment: 'environment', version: 'version' };
const TIMES = { fromTimestamp: 'from', toTimestamp: 'to' };

/** What Langfuse's SDKs call it, and what our functions do. What is not here is passed over. */
export const TRACE_FILTER = {
  ...{ ...PAGE, ...TIMES, name: 'name', userId: 'user_id', sessionId: 'session_id' },
  ...{ release: 'release', tags: 'tags' },
};
export const SESSION_FILTER = { ...PAGE, ...TIMES };
export const OBSERVATION_FILTER = {
  ...{ ...PAGE, fromStartTime: 'from', toStartTime: 'to', traceId: 'trace_id', type: 'type' },
  ...{ parentObservationId: 'parent_id', name: 'name', level: 'level' },
};
export const SCORE_FILTER = {
  ...{ ...PAGE, ...TIMES, traceId: 'trace_id', observationId: 'observation_id', name: 'name' },
  dataType: 'data_type',
};

const LISTS = new Set(['tags']);
const MOST = 1_000;

/** Throws `invalid_input` for what no filter can be. */
export function readFilter(query: Request['query'], names: Record<string, string>): TraceFilter {
  const filter: TraceFilter = {};
  for (const [theirs, ours] of Object.entries(names)) {
    const given = query[theirs] ?? query[`${theirs}[]`];
    if (given === undefined || given === '') continue;
    const texts = Array.isArray(given) ? given : [given];
    if (
      !texts.every(
        (text) => typeof text === 'string' && text.length <= MOST && !text.includes('\0'),
      )
    ) {
      throw new AppError('invalid_input', `${theirs} has to be a text`);
    }
    filter[ours] = LISTS.has(ours) ? (texts as string[]) : String(texts[0]);
  }
  return filter;
}

/** As the SDKs turn pages. */
export function pageOf(filter: TraceFilter, total: number): object {
  const limit = Math.min(Number(filter.limit ?? 50), 100);
  return {
    page: Number(filter.page ?? 1),
    limit,
    totalItems: total,
    totalPages: Math.ceil(total / limit),
  };
}
