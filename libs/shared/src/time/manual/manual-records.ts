import { randomUUID } from 'node:crypto';
import { AppError } from '../../errors';
import { parseLine } from '../../records/parse-line';
import { RECORD_VERSION } from '../../records/record';
import { makeRecordId } from '../../records/record-id';
import { serialiseRecord } from '../../records/serialise-record';
import type { ManualLogRecord, ManualTimerRecord } from '../../records/source-records';
import type { Span } from '../intervals/interval';

interface Said {
  machineId: string;
  folder: string | null;
  note: string | null;
  /** Milliseconds since the epoch. */
  now: number;
}

/** What `start`, `pause`, `resume` and `stop` say. Throws `invalid_input` for a note that is no text. */
export function timerRecord(
  said: Said & { action: ManualTimerRecord['action']; issue: string },
): ManualTimerRecord {
  const { machineId, action, issue, folder, note } = said;
  const at = new Date(said.now).toISOString();
  const type = 'manual_timer';
  const source = 'manual';
  const id = makeRecordId({ machineId, source, type, at, discriminator: `${action}:${issue}` });
  return checked({
    ...{ v: RECORD_VERSION, id, at, type, source, folder, session_id: null },
    ...{ action, issue, note },
  });
}

/** What `log` says of a span that is over. Throws as `timerRecord` does. */
export function logRecord(said: Said & { span: Span; issue: string | null }): ManualLogRecord {
  const { machineId, span, issue, folder, note } = said;
  const at = new Date(said.now).toISOString();
  const type = 'manual_log';
  const source = 'manual';
  const id = makeRecordId({ machineId, source, type, at, discriminator: randomUUID() });
  return checked({
    ...{ v: RECORD_VERSION, id, at, type, source, folder, session_id: null },
    ...{ started_at: new Date(span.from).toISOString(), duration_ms: span.to - span.from },
    ...{ issue, note },
  });
}

/** As whoever imports it will look at it: what is refused there is refused here. */
function checked<R extends ManualLogRecord | ManualTimerRecord>(record: R): R {
  const parsed = parseLine(serialiseRecord(record));
  if (parsed.kind === 'record') return record;
  throw new AppError(
    'invalid_input',
    parsed.kind === 'refused' ? parsed.detail : 'that cannot be recorded',
    { hint: 'A note is one line of up to 1,000 characters.' },
  );
}
