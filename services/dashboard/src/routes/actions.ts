import { pauseDaemons } from '@coffee-roadmap/shared/daemons/queries';
import { answerNotification } from '@coffee-roadmap/shared/notifications/queries';
import { acceptSeenItem } from '@coffee-roadmap/shared/dashboard/item-queries';
import { reopenItem, retryItem, stopItem } from '@coffee-roadmap/shared/roadmap/queries';
import { Router } from 'express';
import { asPerson, idOf, textOf, type RouteContext } from './context';

/** What a person does here; whether they may, and whether it still fits, the database decides. */
export function actionRoutes(context: RouteContext): Router {
  const routes = Router();
  routes.post(
    '/notifications/:id/answer',
    asPerson(context, (session, request) =>
      answerNotification(session, {
        id: idOf(request),
        answer: textOf(request, 'answer'),
        via: 'dashboard',
      }),
    ),
  );
  routes.post(
    '/daemons/pause',
    asPerson(context, async (session, request) => {
      const body = request.body as { name?: unknown; paused?: unknown };
      const name = typeof body.name === 'string' ? body.name : null;
      return { daemons: await pauseDaemons(session, name, body.paused === true) };
    }),
  );
  routes.post(
    '/items/:id/accept',
    asPerson(context, (session, request) =>
      acceptSeenItem(session, idOf(request), textOf(request, 'commit', 64) || null),
    ),
  );
  routes.post(
    '/items/:id/reopen',
    asPerson(context, (session, request) =>
      reopenItem(session, idOf(request), textOf(request, 'comment')),
    ),
  );
  routes.post(
    '/items/:id/retry',
    asPerson(context, (session, request) => retryItem(session, idOf(request))),
  );
  routes.post(
    '/items/:id/stop',
    asPerson(context, (session, request) => stopItem(session, idOf(request))),
  );
  return routes;
}
