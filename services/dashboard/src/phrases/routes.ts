import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import type { Session } from '@coffee-roadmap/shared/db/session';
import {
  listMachinePhrases,
  setDayCounts,
  type PatternName,
  type PhraseCount,
  type PhraseNote,
} from '@coffee-roadmap/shared/phrases/queries';
import express, { Router, type Request } from 'express';
import { rateLimit } from 'express-rate-limit';
import { contributionsOf, daysOf, workstationsOf } from '@coffee-roadmap/shared/phrases/days';
import { parseUpload } from './upload';

export interface PhraseOptions {
  /** Totals from that UTC day on; throws where nobody may see them without a sign-in. */
  totals: (request: Request, since?: string) => Promise<PhraseCount[]>;
  /** What the listed patterns are called, and which days are marked; to whom the totals are shown. */
  labels: (request: Request) => Promise<PhraseLabels>;
  /** Who may keep the totals: anybody, where anybody may see them. */
  visibility: 'public' | 'private';
  /** Runs `work` as the person who is signed in. */
  enter: <T>(request: Request, work: (session: Session<'person'>) => Promise<T>) => Promise<T>;
  /** Undefined: nothing can be uploaded. */
  collector: Session<'collector'> | undefined;
}

export interface PhraseLabels {
  patterns: PatternName[];
  notes: PhraseNote[];
}

/** A year of days, uploaded one after the other. */
const UPLOADS_A_MINUTE = 600;

/** The HTTP API of the older counter: same paths, same shapes, days in UTC. */
export function phraseRoutes(options: PhraseOptions): Router {
  const { totals, labels: labelsOf, visibility, enter, collector } = options;
  const routes = Router();
  routes.post(
    '/set',
    rateLimit({ windowMs: 60_000, limit: UPLOADS_A_MINUTE, legacyHeaders: false }),
    express.json({ limit: '64kb' }),
    async (request, response) => {
      const upload = parseUpload(request);
      try {
        if (collector === undefined || upload.secret === '') throw refused;
        await setDayCounts(collector, upload);
      } catch (error) {
        if (error !== refused && toAppError(error).code !== 'not_allowed') throw error;
        response.status(401).json({ detail: 'Invalid secret' });
        return;
      }
      response.json('ok');
    },
  );
  routes.get('/today', async (request, response) => {
    const today = new Date().toISOString().slice(0, 10);
    const [found] = daysOf(await totals(request, today)).filter(({ day }) => day === today);
    const counts: Record<string, unknown> = { ...(found ?? { total_messages: 0 }) };
    delete counts.day;
    response.set('Cache-Control', `${visibility}, max-age=60`).json(counts);
  });
  routes.get('/history', async (request, response) => {
    const history = daysOf(await totals(request));
    response.set('Cache-Control', `${visibility}, max-age=300`).json(history);
  });
  // What the page of phrases draws, in one request.
  routes.get('/phrases', async (request, response) => {
    const [labels, counts] = await Promise.all([labelsOf(request), totals(request)]);
    response
      .set('Cache-Control', `${visibility}, max-age=60`)
      .json({ ...labels, history: daysOf(counts) });
  });
  routes.get('/by-workstation', async (request, response) => {
    const workstations = workstationsOf(await enter(request, listMachinePhrases));
    response.set('Cache-Control', 'private, max-age=60').json(workstations);
  });
  routes.get('/stats', async (request, response) => {
    const workstations = workstationsOf(await enter(request, listMachinePhrases));
    response
      .set('Cache-Control', 'private, max-age=60')
      .json({ workstations: contributionsOf(workstations) });
  });
  return routes;
}

const refused = new Error('refused');
