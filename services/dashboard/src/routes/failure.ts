import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import type { ErrorCode } from '@coffee-roadmap/shared/errors';
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { log } from '../log';
import { SignedOut } from '../sign-in/gate';

const STATUS: Partial<Record<ErrorCode, number>> = {
  invalid_input: 400,
  not_allowed: 403,
  not_found: 404,
  conflict: 409,
  not_reachable: 503,
  database_newer: 503,
  database_not_migrated: 503,
};

/** What a browser is told: our own words, and of anything else only that it went wrong. */
export const answerFailure: ErrorRequestHandler = (error: unknown, request, response, next) => {
  if (response.headersSent) return next(error);
  if (error instanceof SignedOut) {
    response.status(401).json({ error: { code: 'signed_out', message: 'You are not signed in.' } });
    return;
  }
  const status = statusOf(error);
  if (status !== undefined) {
    response
      .status(status)
      .json({ error: { code: 'invalid_input', message: 'This request cannot be read.' } });
    return;
  }
  const { code, message, hint } = toAppError(error);
  const known = STATUS[code];
  if (known === undefined) {
    log('error', `${request.method} ${request.path}: ${message}`);
    response
      .status(500)
      .json({ error: { code: 'failed', message: 'Something went wrong here; the log has it.' } });
    return;
  }
  if (known === 503) response.set('Retry-After', '2');
  const text = known === 503 ? 'The database does not answer.' : message;
  response
    .status(known)
    .json({ error: { code, message: text, hint: known === 503 ? null : hint } });
};

/** Of what express itself refuses: too long, not JSON, a bad address. */
function statusOf(error: unknown): number | undefined {
  const { status, expose } = error as { status?: unknown; expose?: unknown };
  return typeof status === 'number' && status >= 400 && status < 500 && expose !== undefined
    ? status
    : undefined;
}

export const answerNotFound: RequestHandler = (_request, response) => {
  response.status(404).json({ error: { code: 'not_found', message: 'There is nothing here.' } });
};
