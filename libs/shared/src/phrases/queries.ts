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

/** The caller's own over all their machines, oldest first; `since` and `until` are days, both included. */
export async function listOwnPhrases(
  session: Session<'person'>,
  { since, until }: { since?: string | undefined; until?: string | undefined } = {},
): Promise<PhraseCount[]> {
  const { rows } = await sql<PhraseCount>`
    select day, pattern, sum(messages)::bigint as messages from analytics.phrase_days
    where (${since ?? null}::date is null or day >= ${since ?? null}::date)
      and (${until ?? null}::date is null or day <= ${until ?? null}::date)
    group by 1, 2 order by 1, 2`.execute(session.db);
  return rows;
}

/** What a pattern whose totals everybody may see is called. */
export interface PatternName {
  pattern: string;
  display_name: string;
}

export async function listPatternNames(
  session: Session<'dashboard' | 'person'>,
): Promise<PatternName[]> {
  const { rows } = await sql<PatternName>`
    select pattern, display_name from analytics.phrase_names order by pattern`.execute(session.db);
  return rows;
}

/** Makes the totals of a pattern visible to everybody, or names it anew. For admins. */
export async function namePattern(
  session: Session<'person'>,
  pattern: string,
  displayName: string,
): Promise<void> {
  await sql`select coffee.name_pattern(${pattern}, ${displayName})`.execute(session.db);
}

/** What happened on a UTC day, such as a new model. */
export interface PhraseNote {
  day: string;
  note: string;
}

export async function listPhraseNotes(
  session: Session<'dashboard' | 'person'>,
): Promise<PhraseNote[]> {
  const { rows } = await sql<PhraseNote>`
    select day, note from analytics.phrase_marks order by day, note`.execute(session.db);
  return rows;
}

export async function listPhraseLabels(
  session: Session<'dashboard' | 'person'>,
): Promise<{ patterns: PatternName[]; notes: PhraseNote[] }> {
  return { patterns: await listPatternNames(session), notes: await listPhraseNotes(session) };
}

/** False: it is there already. For admins. */
export async function addPhraseNote(
  session: Session<'person'>,
  { day, note }: PhraseNote,
): Promise<boolean> {
  const { rows } = await sql<{ added: boolean }>`
    select coffee.add_phrase_note(${day}::date, ${note}) as added`.execute(session.db);
  return rows[0]!.added;
}

/** Those of a day, or the one of that text; how many there were. For admins. Throws `not_found`. */
export async function removePhraseNote(
  session: Session<'person'>,
  day: string,
  note?: string,
): Promise<number> {
  const { rows } = await sql<{ removed: number }>`
    select coffee.remove_phrase_note(${day}::date, ${note ?? null}) as removed`.execute(session.db);
  return rows[0]!.removed;
}

/** Folds the caller's records that are so many days old; how many. No count changes. */
export async function archivePhrases(session: Session<'person'>, days: number): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coffee.archive_phrases(${days})::int as n`.execute(session.db);
  return rows[0]!.n;
}
