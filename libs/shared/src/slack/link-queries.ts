import { sql } from 'kysely';
import type { Session } from '../db/session';

export interface SlackCode {
  code: string;
  expires_at: Date;
}

/** A one-time code that binds a Slack account to the caller; the one before is void. */
export async function newSlackCode(session: Session<'person'>): Promise<SlackCode> {
  const { rows } = await sql<SlackCode>`select * from coffee.new_slack_code()`.execute(session.db);
  return rows[0]!;
}

/** Ends the caller's links; returns how many there were. */
export async function endSlackLinks(session: Session<'person'>): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coffee.end_slack_links() as count`.execute(session.db);
  return rows[0]!.count;
}
