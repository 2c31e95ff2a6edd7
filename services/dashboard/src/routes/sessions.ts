import { browserName } from '@coffee-roadmap/shared/dashboard/browser-name';
import { AppError } from '@coffee-roadmap/shared/errors';
import { Router } from 'express';
import type { RouteContext } from './context';

const ID = /^(?:[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** Where the person is signed in, and the end of it. */
export function sessionRoutes({ gate, cookie }: RouteContext): Router {
  const routes = Router();
  routes.get('/sessions', async (request, response) => {
    const found = await gate.listSignIns(cookie().read(request));
    response.json({
      kind: gate.kind,
      sessions: found.map((one) => ({ ...one, browser: browserName(one.browser) })),
    });
  });
  routes.post('/sessions/end-all', async (request, response) => {
    const ended = await gate.endSignIns(cookie().read(request));
    cookie().clear(response);
    response.json({ ended });
  });
  routes.post('/sessions/:id/end', async (request, response) => {
    const { id } = request.params;
    if (!ID.test(id)) throw new AppError('not_found', 'there is no such sign-in of yours');
    await gate.endSignIn(cookie().read(request), id);
    response.json({});
  });
  return routes;
}
