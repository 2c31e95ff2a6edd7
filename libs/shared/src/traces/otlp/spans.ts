import { Refusal } from '../event-fields';
import { readAttributes, type Attributes } from './attributes';

/** One span of an export, its ids in lower-case hex, its times in ISO 8601 UTC with microseconds. */
export interface OtlpSpan {
  traceId: string;
  spanId: string;
  /** Undefined for a root. */
  parentSpanId: string | undefined;
  name: string;
  startTime: string;
  endTime: string | undefined;
  attributes: Attributes;
  resource: Attributes;
  scope: string | undefined;
  failed: boolean;
  statusMessage: string | undefined;
  events: { name: string; time: string | undefined; attributes: Attributes }[];
}

/** More than this in one request is no export of an SDK. */
export const MOST_SPANS = 10_000;
const MOST_EVENTS = 50;

/** The spans of an ExportTraceServiceRequest, raw. Throws a Refusal where it is none, or too large. */
export function listSpans(request: unknown): { raw: unknown; resource: unknown; scope: unknown }[] {
  const { resourceSpans } = (request ?? {}) as { resourceSpans?: unknown };
  if (resourceSpans === undefined && request !== null && typeof request === 'object') return [];
  if (!Array.isArray(resourceSpans)) throw new Refusal('resourceSpans has to be a list');
  const found: { raw: unknown; resource: unknown; scope: unknown }[] = [];
  for (const group of resourceSpans as { resource?: unknown; scopeSpans?: unknown }[]) {
    for (const { scope, spans } of list(group?.scopeSpans) as {
      scope?: unknown;
      spans?: unknown;
    }[]) {
      for (const raw of list(spans)) {
        if (found.length >= MOST_SPANS) throw new Refusal(`more than ${MOST_SPANS} spans`);
        found.push({ raw, resource: group.resource, scope });
      }
    }
  }
  return found;
}

/** Throws a Refusal for a span that cannot be told from others. */
export function readSpan({ raw, resource, scope }: ReturnType<typeof listSpans>[number]): OtlpSpan {
  const span = (raw ?? {}) as Record<string, unknown>;
  const status = (span.status ?? {}) as { code?: unknown; message?: unknown };
  const startTime = timeOf(span.startTimeUnixNano);
  if (startTime === undefined) throw new Refusal('startTimeUnixNano is missing');
  const about = (scope ?? {}) as { name?: unknown };
  return {
    traceId: idOf(span.traceId, 16, 'traceId'),
    spanId: idOf(span.spanId, 8, 'spanId'),
    parentSpanId: isEmpty(span.parentSpanId)
      ? undefined
      : idOf(span.parentSpanId, 8, 'parentSpanId'),
    name: typeof span.name === 'string' && span.name !== '' ? span.name : 'span',
    startTime,
    endTime: timeOf(span.endTimeUnixNano),
    attributes: readAttributes(span.attributes),
    resource: readAttributes((resource as { attributes?: unknown } | undefined)?.attributes),
    scope: typeof about.name === 'string' ? about.name : undefined,
    failed: status.code === 2 || status.code === 'STATUS_CODE_ERROR',
    statusMessage: typeof status.message === 'string' ? status.message || undefined : undefined,
    events: list(span.events).slice(0, MOST_EVENTS).map(readSpanEvent),
  };
}

function readSpanEvent(raw: unknown): OtlpSpan['events'][number] {
  const event = (raw ?? {}) as Record<string, unknown>;
  return {
    name: typeof event.name === 'string' && event.name !== '' ? event.name : 'event',
    time: timeOf(event.timeUnixNano),
    attributes: readAttributes(event.attributes),
  };
}

function list(value: unknown): unknown[] {
  return Array.isArray(value)
    ? value.filter((item) => item !== null && typeof item === 'object')
    : [];
}

function isEmpty(id: unknown): boolean {
  return id === undefined || id === null || (id as { length?: number }).length === 0;
}

/** Hex in JSON, bytes in protobuf. */
function idOf(value: unknown, bytes: number, name: string): string {
  const hex =
    value instanceof Uint8Array ? Buffer.from(value).toString('hex') : String(value).toLowerCase();
  if (hex.length !== bytes * 2 || !/^[0-9a-f]+$/.test(hex) || /^0+$/.test(hex)) {
    throw new Refusal(`${name} is not an id of ${bytes} bytes`);
  }
  return hex;
}

/** Nanoseconds since 1970, which JSON gives as a text. */
function timeOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  if (!/^\d{16,20}$/.test(String(value))) return undefined;
  const micros = BigInt(value) / 1_000n;
  const date = new Date(Number(micros / 1_000n));
  if (Number.isNaN(date.getTime())) return undefined;
  return `${date.toISOString().slice(0, 23)}${String(micros % 1_000n).padStart(3, '0')}Z`;
}
