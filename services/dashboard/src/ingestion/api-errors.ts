/** Every error of the API in JSON, with words for whoever reads it and none about our insides. */
import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import type { AppError } from '@coffee-roadmap/shared/errors';
import { isAppError, type ErrorCode } from '@coffee-roadmap/shared/errors';
import { Refusal } from '@coffee-roadmap/shared/traces/event-fields';
import type { ErrorRequestHandler, RequestHandler, Response } from 'express';

/** Seconds after which a client that is turned away may come again. */
const RETRY_S = 5;

/** What is not here failed on our side: the clients are asked to come again, and lose nothing. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  invalid_input: 400,
  not_allowed: 401,
  not_found: 404,
};

/** One that asks for fewer or later requests. */
export class TooMany extends Error {}

export function answerError(
  response: Response,
  status: number,
  message: string,
  retryAfterS?: number,
): void {
  if (response.headersSent) return void response.destroy();
  if (retryAfterS !== undefined) response.set('Retry-After', String(retryAfterS));
  if (status === 401 && !response.hasHeader('WWW-Authenticate'))
    response.set('WWW-Authenticate', 'Basic realm="coffee-roadmap"');
  response.status(status).json({ message, error: ERROR_NAMES[status] ?? 'Error' });
}

const ERROR_NAMES: Record<number, string> = {
  400: 'InvalidRequestError',
  401: 'UnauthorizedError',
  404: 'NotFoundError',
  405: 'MethodNotAllowedError',
  413: 'PayloadTooLargeError',
  415: 'UnsupportedMediaTypeError',
  429: 'RateLimitError',
  503: 'ServiceUnavailableError',
};

/** `onFault` hears of what is wrong with us; nothing of a request or a key is in it. */
export function apiErrorHandler(onFault: (message: string) => void): ErrorRequestHandler {
  return (error: unknown, _request, response, _next) => {
    if (error instanceof Refusal) return answerError(response, 400, error.message);
    if (error instanceof TooMany) return answerError(response, 429, error.message, 1);
    const fromBody = bodyStatus(error);
    if (fromBody !== undefined) return answerError(response, ...fromBody);
    const failure: AppError = isAppError(error) ? error : toAppError(error);
    const status = isOurLogin(failure) ? undefined : STATUS[failure.code];
    if (status !== undefined) {
      const message = [failure.message, status === 401 ? failure.hint : '']
        .filter(Boolean)
        .join('. ');
      return answerError(response, status, message);
    }
    onFault(`${failure.code}: ${failure.message}`);
    const away = failure.code === 'not_reachable';
    const message = away ? 'the database is away for the moment' : 'this could not be done now';
    answerError(response, 503, message, RETRY_S);
  };
}

/** Our own login is turned away by the server: no key of a client mends that. */
function isOurLogin({ cause }: AppError): boolean {
  return /^28/.test(String((cause as { code?: unknown } | undefined)?.code));
}

/** What express found wrong with the request: too large, cut off, an odd encoding, an odd address. */
function bodyStatus(error: unknown): [number, string] | undefined {
  const { status } = (error ?? {}) as { status?: unknown };
  if (typeof status !== 'number' || status < 400 || status >= 500) return undefined;
  if (status === 413) return [413, 'the body is too large: send it in parts'];
  if (status === 415) return [415, 'this encoding is not known: gzip, deflate or none'];
  return [400, 'the request could not be read'];
}

/** What is not here is said in JSON too. */
export const notHere: RequestHandler = (_request, response) =>
  answerError(response, 404, 'there is no such thing here');
