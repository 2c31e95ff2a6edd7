import type { Session } from '@coffee-roadmap/shared/db/session';
import type { Request, RequestHandler } from 'express';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { SessionCookie } from '../sign-in/cookie';
import type { Gate } from '../sign-in/gate';

export interface RouteContext {
  gate: Gate;
  cookie: () => SessionCookie;
}

/** A handler that answers with what `work` returns, read or done as the person who is signed in. */
export function asPerson(
  { gate, cookie }: RouteContext,
  work: (session: Session<'person'>, request: Request) => Promise<unknown>,
): RequestHandler {
  return async (request, response) => {
    const token = cookie().read(request);
    const result = await gate.enter(token, (session) => work(session, request));
    response.json(result ?? {});
  };
}

/** The id in the address. Throws `not_found` for what is none. */
export function idOf(request: Request, name = 'id'): number {
  const text = String(request.params[name]);
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  throw new AppError('not_found', 'there is nothing here');
}

/** A text of the body. Throws `invalid_input`. */
export function textOf(request: Request, name: string, most = 20_000): string {
  const value = (request.body as Record<string, unknown> | undefined)?.[name];
  if (typeof value === 'string' && value.length <= most) return value;
  throw new AppError('invalid_input', `${name} has to be a text of at most ${most} characters`);
}
