import { rateLimit, ipKeyGenerator } from 'express-rate-limit';
import type { Request, RequestHandler } from 'express';
import { answerError } from './api-errors';
import { keyDigest, readKey } from './key-credentials';

const MINUTE_MS = 60_000;

/** Requests of one key pair in a minute. */
export function limitKeys(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE_MS,
    limit: perMinute,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    keyGenerator: (request) => keyDigest(readKey(request)),
    handler(request, response) {
      const { resetTime } =
        (request as Request & { rateLimit?: { resetTime?: Date } }).rateLimit ?? {};
      const resetAt = resetTime?.getTime() ?? Date.now() + MINUTE_MS;
      answerError(response, 429, 'too many requests with this key', secondsTo(resetAt));
    },
  });
}

/** As many addresses are remembered; a minute forgets them all. */
const MOST_ADDRESSES = 100_000;

/**
 * Requests of one address in a minute that brought no valid key, so that nobody tries keys out. Only
 * answers are counted: many good requests at once are no guessing.
 */
export function limitStrangers(perMinute: number): RequestHandler {
  let failures = new Map<string, number>();
  let resetAt = 0;
  return (request, response, next) => {
    const now = Date.now();
    if (now >= resetAt) {
      failures = new Map();
      resetAt = now + MINUTE_MS;
    }
    const address = ipKeyGenerator(request.ip ?? '');
    if ((failures.get(address) ?? 0) >= perMinute) {
      return answerError(
        response,
        429,
        'too many requests without a valid key',
        secondsTo(resetAt),
      );
    }
    response.once('finish', () => {
      if (response.statusCode !== 401) return;
      if (failures.size < MOST_ADDRESSES || failures.has(address)) {
        failures.set(address, (failures.get(address) ?? 0) + 1);
      }
    });
    next();
  };
}

function secondsTo(time: number): number {
  return Math.min(60, Math.max(1, Math.ceil((time - Date.now()) / 1000)));
}
