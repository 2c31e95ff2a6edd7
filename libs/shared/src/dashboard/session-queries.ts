import { sql } from 'kysely';
import type { Session } from '../db/session';

/** A browser that a person is signed in with. */
export interface SignIn {
  id: string;
  /** What it calls itself. */
  browser: string | null;
  created_at: Date;
  expires_at: Date;
  /** Whether it is the one that asks. */
  current: boolean;
}

/** The caller's own that live, newest first. */
export async function listSignIns(session: Session<'person'>): Promise<SignIn[]> {
  const { rows } = await sql<SignIn>`
    select s.id, s.browser, s.created_at, s.expires_at,
      s.id is not distinct from coffee.this_dashboard_session() as current
    from coffee.dashboard_sessions s
    where s.ended_at is null and s.expires_at > now()
    order by s.created_at desc, s.id`.execute(session.db);
  return rows;
}

/** Throws `not_found` for what is none of the caller's. */
export async function endSignIn(session: Session<'person'>, id: string): Promise<void> {
  await sql`select coffee.end_dashboard_session(${id})`.execute(session.db);
}

/** Ends the session that the caller is in, or all of theirs; returns how many. */
export async function endDashboardSessions(
  session: Session<'person'>,
  options: { onlyThis: boolean },
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coffee.end_dashboard_sessions(${options.onlyThis}) as count`.execute(session.db);
  return rows[0]!.count;
}
