import { createHash } from 'node:crypto';
import { readInstant } from '../files/instant';
import { readJson } from '../files/source-file';
import type { TraceRow } from './read-traces';

type Fields = Record<string, unknown>;

/**
 * developer_status.json as a trace of its own: what the developer did, line by line, and what it was at when
 * the file was last written. One that was written later says more of the same trace.
 */
export function* readDeveloper(file: string, name: string): Generator<TraceRow> {
  const status = (readJson(file) ?? {}) as Fields;
  const daemon = (status.daemon_info ?? {}) as Fields;
  const log = (Array.isArray(status.activity_log) ? status.activity_log : []).map(
    (entry: unknown) => (entry ?? {}) as Fields,
  );
  const begun = readInstant(daemon.started_at) ?? readInstant(log[0]?.timestamp);
  const last = readInstant(status.last_activity) ?? begun;
  if (begun === undefined || last === undefined) {
    yield { row: name, reason: 'time' };
    return;
  }
  const traceId = `coffee-maker:developer:${begun}`;
  const metadata = { ...status, activity_log: undefined };
  yield {
    row: name,
    said: {
      type: 'trace-create',
      timestamp: last,
      body: {
        ...{ id: traceId, name: 'developer', timestamp: begun, sessionId: traceId },
        metadata,
      },
    },
  };
  for (const [i, entry] of log.entries()) {
    const at = readInstant(entry.timestamp);
    const row = `${name} activity ${i + 1}`;
    if (at === undefined) yield { row, reason: 'time' };
    else {
      const { type, description, details } = entry;
      const said = createHash('sha256').update(`${at} ${String(type)} ${String(description)}`);
      yield {
        row,
        said: {
          type: 'event-create',
          timestamp: at,
          body: {
            ...{ id: `${traceId}:${said.digest('hex').slice(0, 24)}`, traceId, name: type },
            ...{ startTime: at, metadata: { description, details } },
            level: type === 'error_encountered' ? 'ERROR' : 'DEFAULT',
          },
        },
      };
    }
  }
}
