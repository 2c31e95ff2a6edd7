import { sql } from 'kysely';
import type { Session } from '../db/session';

export async function writeLog(
  session: Session<'daemon'>,
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  detail?: object,
): Promise<void> {
  await sql`select daemon.log(${level}, ${message},
    ${detail === undefined ? null : JSON.stringify(detail)}::jsonb)`.execute(session.db);
}

/** Keeps of this daemon's log what is younger than `keepDays`, and at most `mostLines`. */
export async function pruneLog(
  session: Session<'daemon'>,
  { keepDays, mostLines }: { keepDays: number; mostLines: number },
): Promise<void> {
  await sql`select daemon.prune_log(make_interval(secs => ${keepDays * 86_400}::double precision),
    ${mostLines})`.execute(session.db);
}
