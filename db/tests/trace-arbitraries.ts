import fc from 'fast-check';
import type { Client } from 'pg';

export interface TraceEvent {
  id: string;
  type: string;
  timestamp: string;
  body: Record<string, unknown>;
}

/** Few ids, few moments and few values: so that events meet, and tie. */
const id = fc.constantFrom('a', 'b', 'c');
const moment = fc
  .nat({ max: 3 })
  .map((ms) => new Date(Date.UTC(2026, 9, 6, 23, 59, 59, 998 + ms)).toISOString());
const text = fc.constantFrom('x', 'y', '', 'Ünï “code” \\ 7', null);
const json = fc.oneof(
  text,
  fc.nat({ max: 2 }),
  fc.record({ k: text, n: fc.nat({ max: 1 }) }),
  fc.constant([1, null]),
);
const tokens = fc.nat({ max: 200_000 });

const about = {
  id,
  name: text,
  metadata: fc.oneof(json, fc.dictionary(fc.constantFrom('k', 'l', 'm'), json)),
  input: json,
  output: json,
  version: text,
  environment: text,
};
const observed = {
  ...about,
  traceId: fc.constantFrom('t1', 't2', null),
  parentObservationId: fc.constantFrom('a', null),
  startTime: moment,
  endTime: moment,
  level: fc.constantFrom('DEFAULT', 'ERROR', null),
  statusMessage: text,
};
const bodies: Record<string, Record<string, fc.Arbitrary<unknown>>> = {
  trace: {
    ...about,
    timestamp: moment,
    tags: fc.array(fc.constantFrom('p', 'q', 'r'), { maxLength: 3 }),
    userId: text,
    sessionId: text,
    public: fc.boolean(),
  },
  span: { ...observed, kind: fc.constantFrom('TOOL', 'AGENT', 'nonsense') },
  tool: observed,
  event: observed,
  generation: {
    ...observed,
    model: fc.constantFrom('claude-sonnet-5-5', 'claude-haiku-5-5', 'other', null),
    modelParameters: json,
    completionStartTime: moment,
    promptVersion: fc.nat({ max: 3 }),
    usageDetails: fc.record(
      { input: tokens, output: tokens, cache_read_input_tokens: tokens, cache_write_1h: tokens },
      { requiredKeys: [] },
    ),
    costDetails: fc.record({ total: fc.constantFrom(0, 0.25, 1e-9) }, { requiredKeys: [] }),
  },
  score: {
    id,
    name: fc.constantFrom('good', 'fast'),
    value: fc.oneof(fc.constantFrom(0, 0.5, 1), fc.boolean(), fc.constantFrom('yes', 'no')),
    comment: text,
    timestamp: moment,
  },
};
const NEEDED: Record<string, string[]> = { score: ['id', 'name', 'value'] };

const event: fc.Arbitrary<Omit<TraceEvent, 'id'>> = fc
  .constantFrom(...Object.keys(bodies))
  .chain((noun) =>
    fc.record({
      type:
        noun === 'trace' || noun === 'score'
          ? fc.constant(`${noun}-create`)
          : fc.constantFrom(`${noun}-create`, `${noun}-update`),
      timestamp: moment,
      body: fc.record(bodies[noun]!, { requiredKeys: NEEDED[noun] ?? ['id'] }),
    }),
  );

/** Up to twelve events, each with an id of its own. */
export const traceEvents: fc.Arbitrary<TraceEvent[]> = fc
  .array(event, { minLength: 1, maxLength: 12 })
  .map((events) => events.map((one, index) => ({ id: `event ${index}`, ...one })));

/** All that the caller sees of traces, without when a row was written. */
export async function readRows(client: Client): Promise<Record<string, unknown[]>> {
  const found: Record<string, unknown[]> = {};
  for (const table of ['traces', 'generations', 'spans', 'events', 'scores']) {
    const { rows } = await client.query<Record<string, unknown>>(
      `select * from coffee.${table} order by project_id, id`,
    );
    found[table] = rows.map(({ created_at: _made, updated_at: _changed, ...row }) => row);
  }
  return found;
}
