import { Refusal } from '@coffee-roadmap/shared/traces/event-fields';
import { readLangfuseBatch } from '@coffee-roadmap/shared/traces/langfuse-batch';
import type { RequestHandler } from 'express';
import type { RouteContext } from './ingestion-router';
import { readKey } from './key-credentials';

/** Answers 207 with what became of each event, as Langfuse's SDKs read it. */
export function langfuseBatch({ batcher, content }: RouteContext): RequestHandler {
  return async (request, response) => {
    const { events, ignored, refused } = readLangfuseBatch(parseJson(request.body), content);
    const stored = await batcher.store(readKey(request), events);
    const successes = ignored.map((id) => ({ id, status: 201 }));
    const errors = refused.map(({ id, reason }) => errorOf(id, reason));
    stored.forEach(({ status, reason }, at) => {
      const { id } = events[at]!;
      if (status === 'refused') errors.push(errorOf(id, reason ?? 'it was not taken'));
      // A duplicate is in safe hands: a sender that did not hear so the first time hears it now.
      else successes.push({ id, status: 201 });
    });
    // Not response.json, which makes an ETag of what nobody asks for twice.
    const body = Buffer.from(JSON.stringify({ successes, errors }));
    response.status(207).type('json').set('Content-Length', String(body.length)).end(body);
  };
}

function errorOf(id: string, error: string) {
  return { id, status: 400, message: 'Invalid request data', error };
}

/** Throws a Refusal for what is no JSON. */
export function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '');
  } catch {
    throw new Refusal('the body is no JSON');
  }
}
