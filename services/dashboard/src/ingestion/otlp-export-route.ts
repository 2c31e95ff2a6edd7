import { readOtlpExport } from '@coffee-roadmap/shared/traces/otlp/read-export';
import type { RequestHandler } from 'express';
import type { RouteContext } from './ingestion-router';
import { readKey } from './key-credentials';
import { parseJson } from './langfuse-batch-route';
import { decodeExport, encodeResponse } from './otlp-protobuf';

/** OTLP over HTTP, JSON or protobuf; the answer comes as the request did. Errors are JSON always. */
export function otlpExport({ batcher, content }: RouteContext): RequestHandler {
  return async (request, response) => {
    const isProtobuf = /protobuf/i.test(request.get('content-type') ?? '');
    const body: unknown = request.body;
    const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
    const message = isProtobuf ? decodeExport(bytes) : parseJson(body);
    const { events, rejected, reasons } = readOtlpExport(message, content);
    const stored = await batcher.store(readKey(request), events);
    const refused = stored.filter(({ status }) => status === 'refused');
    const why = [...reasons, ...refused.map(({ reason }) => reason ?? '')].slice(0, 5).join('; ');
    const count = rejected + refused.length;
    if (isProtobuf) {
      response.type('application/x-protobuf').send(Buffer.from(encodeResponse(count, why)));
    } else {
      const partialSuccess = { rejectedSpans: String(count), errorMessage: why };
      response.json(count === 0 ? {} : { partialSuccess });
    }
  };
}
