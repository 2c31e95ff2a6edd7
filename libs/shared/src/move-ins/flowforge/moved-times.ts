import { parseRecordId } from '../../records/record-id';
import type { Session as DatabaseSession } from '../../db/session';
import { listManualLogs } from '../queries';

/** A time of FlowForge that is here: what its record's discriminator says, and where it lies. */
export interface MovedTime {
  /** FlowForge's task. */
  task: string;
  /** The day, where the source gave no time of it. */
  day: string | null;
  issue: string | null;
  from: number;
  to: number;
}

const MARK = 'flowforge:';

/** A session is named by its task and beginning, a day's time by its task and day. */
export function nameOf(task: string, began: number | string): string {
  return `${MARK}${task}:${typeof began === 'number' ? new Date(began).toISOString() : began}`;
}

/** The caller's times that came from FlowForge, by the road of this command. */
export async function listMovedTimes(session: DatabaseSession<'person'>): Promise<MovedTime[]> {
  const logs = await listManualLogs(session, `%:${MARK}%`);
  return logs.flatMap(({ id, issue, started_at, duration_ms }) => {
    const name = parseRecordId(id)?.discriminator ?? '';
    const [, task, began] = /^flowforge:(.+?):(\d{4}-\d\d-\d\d(?:T[\d:.]+Z)?)$/.exec(name) ?? [];
    if (task === undefined) return [];
    const from = started_at.getTime();
    return [
      { task, issue, from, to: from + duration_ms, day: began!.length === 10 ? began! : null },
    ];
  });
}
