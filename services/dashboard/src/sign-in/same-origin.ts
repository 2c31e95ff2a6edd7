import { AppError } from '@coffee-roadmap/shared/errors';
import type { RequestHandler } from 'express';

/**
 * Lets a change through only from our own page. SameSite alone does not: another port of this host is
 * the same site. Browsers say where a request comes from, and a page elsewhere cannot add the header
 * without being asked first, which is refused.
 */
export function sameOriginOnly(publicUrl: URL | undefined): RequestHandler {
  return (request, _response, next) => {
    if (request.method === 'GET' || request.method === 'HEAD') return next();
    const { origin, host } = request.headers;
    const expected = publicUrl?.origin ?? `http://${host ?? ''}`;
    const site = request.headers['sec-fetch-site'];
    const ours =
      request.headers['x-coffee-roadmap'] === '1' &&
      request.is('application/json') === 'application/json' &&
      (origin === undefined ? site === 'same-origin' : isSame(origin, expected, host)) &&
      (site === undefined || site === 'same-origin');
    if (ours) return next();
    next(
      new AppError('not_allowed', 'this request does not come from the dashboard’s own page', {
        hint: 'Open the dashboard by its own address and try again.',
      }),
    );
  };
}

/** Also by the address that it listens on, when it is reached without the proxy in front of it. */
function isSame(origin: string, expected: string, host: string | undefined): boolean {
  return origin === expected || (isLocal(host) && origin === `http://${host}`);
}

const isLocal = (host: string | undefined): boolean =>
  /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(host ?? '');
