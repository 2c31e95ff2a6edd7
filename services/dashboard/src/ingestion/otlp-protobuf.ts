import { Refusal } from '@coffee-roadmap/shared/traces/event-fields';
import protobuf from 'protobufjs/light';
import { OTLP } from './otlp-descriptor';

const root = protobuf.Root.fromJSON(OTLP);
const Request = root.lookupType('ExportTraceServiceRequest');
const Response = root.lookupType('ExportTraceServiceResponse');

/** The request in the shape that OTLP has in JSON, but for ids, which stay bytes. Throws a Refusal. */
export function decodeExport(body: Uint8Array): unknown {
  try {
    return Request.toObject(Request.decode(body), { longs: String });
  } catch (error) {
    throw new Refusal(`this is no protobuf of an export: ${(error as Error).message}`);
  }
}

/** An empty message where all was taken. */
export function encodeResponse(rejectedSpans: number, errorMessage: string): Uint8Array {
  const partialSuccess = { rejectedSpans, errorMessage };
  return Response.encode(rejectedSpans === 0 ? {} : { partialSuccess }).finish();
}
