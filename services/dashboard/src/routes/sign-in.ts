import { Router } from 'express';
import { rateLimit } from 'express-rate-limit';
import { textOf, type RouteContext } from './context';
import { SignedOut } from '../sign-in/gate';

/** Who is signed in, signing in by a link, signing out, and what is shown to nobody in particular. */
export function signInRoutes(context: RouteContext, { limit }: { limit: number }): Router {
  const { gate, cookie } = context;
  const routes = Router();
  routes.get('/me', async (request, response) => {
    const token = cookie().read(request);
    try {
      response.json(
        await gate.enter(token, (session) =>
          Promise.resolve({
            signed_in: true,
            kind: gate.kind,
            name: session.me.name,
            teams: session.me.teams,
            manages: session.me.manages,
            admin: session.me.admin,
          }),
        ),
      );
    } catch (error) {
      if (!(error instanceof SignedOut)) throw error;
      if (token !== undefined) cookie().clear(response);
      response.json({ signed_in: false, kind: gate.kind });
    }
  });
  const limited = rateLimit({
    windowMs: 5 * 60_000,
    limit,
    legacyHeaders: false,
    skipSuccessfulRequests: true,
    handler: (_request, response) =>
      void response.status(429).json({
        error: {
          code: 'conflict',
          message: 'Too many attempts to sign in.',
          hint: 'Wait five minutes.',
        },
      }),
  });
  routes.post('/sign-in', limited, async (request, response) => {
    const code = textOf(request, 'code', 200);
    const browser = (request.headers['user-agent'] ?? '').slice(0, 300);
    const { token, name, expiresAt } = await gate.signIn(code, browser);
    cookie().write(response, token, expiresAt);
    response.json({ signed_in: true, name });
  });
  routes.post('/sign-out', async (request, response) => {
    try {
      await gate.signOut(cookie().read(request));
    } catch (error) {
      if (!(error instanceof SignedOut)) throw error;
    }
    cookie().clear(response);
    response.json({ signed_in: false });
  });
  routes.get('/totals', async (_request, response) => {
    const totals = await gate.totals();
    if (totals === undefined) throw new SignedOut();
    response.json(totals);
  });
  return routes;
}
