import { sql } from 'kysely';
import type { Session } from '../db/session';

/** Messages of a UTC day that matched a pattern; with an empty pattern, all messages. */
export interface PhraseCount {
  day: string;
  pattern: string;
  messages: number;
}

/** Over everybody, without person and machine; oldest first. */
export async function listPhraseTotals(
  session: Session<'dashboard' | 'person'>,
  since?: string,
): Promise<PhraseCount[]> {
  const { rows } = await sql<PhraseCount>`
    select day, pattern, messages from analytics.phrase_totals
    where ${since ?? null}::date is null or day >= ${since ?? null}::date
    order by day, pattern`.execute(session.db);
  return rows;
}

export interface MachinePhraseCount extends PhraseCount {
  machine_id: string;
  label: string;
}

/** The caller's own, by machine's label and day. */
export async function listMachinePhrases(
  session: Session<'person'>,
): Promise<MachinePhraseCount[]> {
  const { rows } = await sql<MachinePhraseCount>`
    select p.machine_id, m.label, p.day, p.pattern, p.messages
    from analytics.phrase_days p join coffee.machines m on m.id = p.machine_id
    order by lower(m.label), p.machine_id, p.day, p.pattern`.execute(session.db);
  return rows;
}

export interface DayUpload {
  /** Of coffee.create_upload_secret, or a machine's token. */
  secret: string;
  day: string;
  workstation: string;
  patterns: Record<string, number>;
  total: number;
}

/** SET, not added. Throws `not_allowed` for a wrong secret, `invalid_input` for what is no count. */
export async function setDayCounts(
  session: Session<'collector'>,
  { secret, day, workstation, patterns, total }: DayUpload,
): Promise<void> {
  await sql`select coffee.set_day_counts(${secret}, ${day}::date, ${workstation},
    ${JSON.stringify(patterns)}::jsonb, ${total})`.execute(session.db);
}
