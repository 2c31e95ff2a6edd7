import type { Session } from '@coffee-roadmap/shared/db/session';
import { listPhraseLabels, listPhraseTotals } from '@coffee-roadmap/shared/phrases/queries';
import express, { type Express, type Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import type { Hub } from './live/hub';
import { sendEvents } from './live/events';
import { actionRoutes } from './routes/actions';
import { phraseRoutes, type PhraseOptions } from './phrases/routes';
import { answerFailure, answerNotFound } from './routes/failure';
import { billingRoutes } from './routes/billing';
import { pageRoutes } from './routes/pages';
import { readRoutes } from './routes/reads';
import { sessionRoutes } from './routes/sessions';
import { signInRoutes } from './routes/sign-in';
import { timeRoutes } from './routes/time';
import { traceRoutes } from './routes/traces';
import type { Gate } from './sign-in/gate';
import { createSessionCookie, type SessionCookie } from './sign-in/cookie';
import { sameOriginOnly } from './sign-in/same-origin';

export interface AppOptions {
  gate: Gate;
  hub: Hub;
  /** Of the address that it listens on; it is in the cookie's name. */
  port: () => number;
  publicUrl: URL | undefined;
  signInLimit: number;
  /** What SDKs send and read, under /api/public. */
  sdk?: Router;
  /** Takes uploads of phrase counts; undefined: none are taken. */
  collector?: Session<'collector'> | undefined;
}

const REQUESTS_A_MINUTE = 1_200;

export function createApp(options: AppOptions): Express {
  const { gate, hub, publicUrl } = options;
  const secure = publicUrl?.protocol === 'https:';
  const app = express();
  app.disable('x-powered-by');
  // Whose address counts for the rate limit: behind a proxy, the one that it names.
  app.set('trust proxy', publicUrl === undefined ? false : 1);
  app.get('/health', async (_request, response) => {
    await gate.check();
    response.json({ status: 'ok' });
  });
  if (options.sdk !== undefined) app.use(options.sdk);
  app.use(securityHeaders(secure));
  let cookie: ReturnType<typeof createSessionCookie> | undefined;
  const session = (): ReturnType<typeof createSessionCookie> =>
    (cookie ??= createSessionCookie({ secure, port: options.port() }));
  const context = { gate, cookie: session };

  app.use('/api', phrasesOf(options, session));
  const api = express.Router();
  api.use((_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });
  api.use(rateLimit({ windowMs: 60_000, limit: REQUESTS_A_MINUTE, legacyHeaders: false }));
  api.get('/events', sendEvents(hub));
  api.use(sameOriginOnly(publicUrl));
  api.use(express.json({ limit: '64kb' }));
  api.use(signInRoutes(context, { limit: options.signInLimit }));
  api.use(sessionRoutes(context));
  api.use(readRoutes(context));
  api.use(billingRoutes(context));
  api.use(traceRoutes(context));
  api.use(timeRoutes(context));
  api.use(actionRoutes(context));
  api.use(answerNotFound);
  app.use('/api', api);
  app.use(pageRoutes());
  app.use(answerNotFound);
  app.use(answerFailure);
  return app;
}

function phrasesOf({ gate, collector }: AppOptions, cookie: () => SessionCookie): Router {
  const enter: PhraseOptions['enter'] = (request, work) => gate.enter(cookie().read(request), work);
  return phraseRoutes({
    collector,
    enter,
    visibility: gate.kind === 'shared' ? 'public' : 'private',
    labels: async (request) => (await gate.phraseLabels()) ?? enter(request, listPhraseLabels),
    totals: async (request, since) =>
      (await gate.phraseTotals(since)) ??
      enter(request, (person) => listPhraseTotals(person, since)),
  });
}

function securityHeaders(secure: boolean): ReturnType<typeof helmet> {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'none'"],
        frameAncestors: ["'none'"],
        requireTrustedTypesFor: ["'script'"],
      },
    },
    strictTransportSecurity: secure,
    referrerPolicy: { policy: 'no-referrer' },
    crossOriginResourcePolicy: { policy: 'same-origin' },
  });
}
