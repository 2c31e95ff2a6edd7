import type { TraceEvent } from '@coffee-roadmap/shared/traces/trace-event';

const TEXT = 'The quick brown fox jumps over the lazy dog. '.repeat(8);

/** Each makes a row: a trace, two calls of a model, a tool and a moment, over and over. */
export function makeEvents(round: string, count: number): TraceEvent[] {
  const events: TraceEvent[] = [];
  const start = Date.UTC(2026, 10, 21);
  for (let n = 0; events.length < count; n += 1) {
    const traceId = `${round}-t${n}`;
    const at = (ms: number): string => new Date(start + n * 1_000 + ms).toISOString();
    const call = (letter: string, ms: number): TraceEvent => ({
      ...{ id: `${round}-${letter}${n}`, type: 'generation-create', timestamp: at(ms + 100) },
      body: {
        ...{ id: `${round}-${letter}${n}`, traceId, name: 'claude', model: 'claude-opus-4-5' },
        ...{ startTime: at(ms), endTime: at(ms + 100), environment: 'bench' },
        ...{ input: [{ role: 'user', content: TEXT }], output: { role: 'assistant', text: TEXT } },
        usageDetails: { input: 1_000 + n, output: 200, cache_read: 5_000, cache_write_5m: 100 },
      },
    });
    events.push(
      {
        ...{ id: `${traceId}-e`, type: 'trace-create', timestamp: at(0) },
        body: {
          ...{ id: traceId, name: `trace ${n}`, userId: 'ada', timestamp: at(0), input: TEXT },
          ...{ tags: ['bench'], metadata: { n }, environment: 'bench' },
        },
      },
      call('a', 10),
      call('b', 200),
      {
        ...{ id: `${round}-s${n}`, type: 'tool-create', timestamp: at(150) },
        body: {
          ...{ id: `${round}-s${n}`, traceId, name: 'Bash', startTime: at(120), endTime: at(150) },
          ...{ input: { command: 'ls -la' }, output: TEXT },
        },
      },
      {
        ...{ id: `${round}-m${n}`, type: 'event-create', timestamp: at(160) },
        body: { id: `${round}-m${n}`, traceId, name: 'question', startTime: at(160), input: TEXT },
      },
    );
  }
  return events.slice(0, count);
}
