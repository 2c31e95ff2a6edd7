import type { TraceContent } from './content';
import * as field from './event-fields';
import { Refusal, type Read } from './event-fields';
import { isCall, TRACE_EVENT_TYPES, type TraceEvent, type TraceEventType } from './trace-event';
import { both, bothUsages, readCost, readLegacyCost, readUsage } from './usage-details';

type Fields = Record<string, Read>;

const TRACE: Fields = {
  id: field.id,
  timestamp: field.time,
  name: field.text(500),
  userId: field.text(200),
  sessionId: field.text(200),
  release: field.text(200),
  version: field.text(200),
  environment: field.text(100),
  public: field.flag,
  tags: field.tags,
  metadata: field.json,
  input: field.json,
  output: field.json,
};

const SPAN: Fields = {
  id: field.id,
  traceId: field.id,
  parentObservationId: field.id,
  name: field.text(500),
  startTime: field.time,
  endTime: field.time,
  level: field.choice('DEBUG', 'DEFAULT', 'WARNING', 'ERROR'),
  statusMessage: field.saying(5_000),
  version: field.text(200),
  environment: field.text(100),
  metadata: field.json,
  input: field.json,
  output: field.json,
};

const GENERATION: Fields = {
  ...SPAN,
  completionStartTime: field.time,
  model: field.text(200),
  modelParameters: field.json,
  promptName: field.text(200),
  promptVersion: field.text(50),
  messageId: field.id,
  requestId: field.id,
  fast: field.flag,
};

const SCORE: Fields = {
  id: field.id,
  traceId: field.id,
  observationId: field.id,
  sessionId: field.text(200),
  name: field.text(500),
  value: field.scoreValue,
  dataType: field.choice('NUMERIC', 'CATEGORICAL', 'BOOLEAN'),
  comment: field.saying(5_000),
  environment: field.text(100),
  configId: field.text(200),
  metadata: field.json,
};

function fieldsOf(type: TraceEventType): Fields {
  if (type === 'trace-create') return TRACE;
  if (type === 'score-create') return SCORE;
  return isCall(type) ? GENERATION : SPAN;
}

/** [name, what a refusal calls it, its reader] by type: made once, for there are thousands of events a second. */
const READERS = new Map(
  TRACE_EVENT_TYPES.map((type) => [
    type,
    Object.entries(fieldsOf(type)).map(([name, read]) => [name, `body.${name}`, read] as const),
  ]),
);

/**
 * One event of an SDK. Undefined for what is said to be accepted and holds nothing to keep (`sdk-log`).
 * Throws a Refusal that says what is wrong with it.
 */
export function readEvent(item: unknown, content: TraceContent): TraceEvent | undefined {
  const { id, type, timestamp, body } = object(item, 'the event');
  const eventId = String(field.id(id, 'id', content));
  if (type === 'sdk-log') return undefined;
  const said = object(body, 'body');
  const known = typeOf(type, said);
  const saidAt = field.time(timestamp ?? new Date().toISOString(), 'timestamp', content);
  return {
    id: eventId,
    type: known,
    timestamp: String(saidAt),
    body: readBody(known, said, eventId, content),
  };
}

function readBody(
  type: TraceEventType,
  said: Record<string, unknown>,
  eventId: string,
  content: TraceContent,
): TraceEvent['body'] {
  const read: Record<string, unknown> = {};
  for (const [name, place, reader] of READERS.get(type)!) {
    const value = said[name];
    // Null says nothing: it never blanks what another event said.
    if (value === null || value === undefined || value === '') continue;
    const kept = reader(value, place, content);
    if (kept !== undefined) read[name] = kept;
  }
  if (isCall(type)) {
    read.usageDetails = bothUsages(readUsage(said.usage), readUsage(said.usageDetails));
    read.costDetails = both(readLegacyCost(said.usage), readCost(said.costDetails));
  }
  if (read.id === undefined && type.endsWith('-update')) throw new Refusal('body.id is missing');
  // An event or a score of which nobody needs the id; it has to be the same at a retry.
  const id = read.id ?? eventId;
  if (type === 'score-create') mustBeScore(read);
  else if (type !== 'trace-create') read.traceId ??= id;
  return { ...read, id: String(id) };
}

function mustBeScore(read: Record<string, unknown>): void {
  if (read.name === undefined) throw new Refusal('body.name is missing');
  if (read.value === undefined) throw new Refusal('body.value is missing');
  if (read.traceId === undefined && read.sessionId === undefined) {
    throw new Refusal('body.traceId is missing');
  }
}

function typeOf(given: unknown, said: Record<string, unknown>): TraceEventType {
  const [, noun = '', verb] = /^([a-z]{1,20})-(create|update)$/.exec(String(given)) ?? [];
  // The oldest SDKs name the kind in the body; ours, which knows but three, says it there too.
  const kind = noun === 'observation' ? said.type : noun === 'span' ? (said.kind ?? noun) : noun;
  const named = `${String(kind).toLowerCase()}-${verb}`;
  if (READERS.has(named as TraceEventType)) return named as TraceEventType;
  throw new Refusal(`type ${JSON.stringify(String(given).slice(0, 50))} is not known`);
}

function object(value: unknown, name: string): Record<string, unknown> {
  if (value !== null && typeof value === 'object' && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw new Refusal(`${name} has to be an object`);
}
