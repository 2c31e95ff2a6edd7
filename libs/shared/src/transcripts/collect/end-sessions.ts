import { serialiseRecord } from '../../records/serialise-record';
import { sessionRecord } from '../scan/session-trail';
import type { TranscriptState } from '../scan/transcript-state';

/** A session that has said nothing for so long has ended, until it goes on. */
export const QUIET_MS = 30 * 60_000;

/** The ends that are to be recorded now, and the files whose state they change. */
export function endSessions(
  machineId: string,
  files: ReadonlyMap<string, TranscriptState>,
  now: number,
): { lines: Buffer; files: string[] } {
  const before = new Date(now - QUIET_MS).toISOString();
  const lines: string[] = [];
  const changed: string[] = [];
  for (const [file, { session }] of files) {
    if (session === undefined || session.ended === session.last || session.last > before) continue;
    lines.push(`${serialiseRecord(sessionRecord(machineId, session, 'ended', session.last))}\n`);
    session.ended = session.last;
    changed.push(file);
  }
  return { lines: Buffer.from(lines.join('')), files: changed };
}
