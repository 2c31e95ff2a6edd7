import { sql } from 'kysely';
import type { Session } from '../db/session';

export interface MessageText {
  at: Date;
  role: 'user' | 'assistant';
  machine: string;
  session_id: string | null;
  message_id: string | null;
  line_uuid: string;
  text: string;
}

/** The caller's own, the newest `most` of them, oldest first. */
export async function listTexts(
  session: Session<'person'>,
  { most, sessionId }: { most: number; sessionId?: string | undefined },
): Promise<MessageText[]> {
  const { rows } = await sql<MessageText>`
    select t.at, t.role, m.label as machine, t.session_id, t.message_id, t.line_uuid, t.text
    from coffee.message_texts t join coffee.machines m on m.person_id = t.person_id and m.id = t.machine_id
    where ${sessionId ?? null}::text is null or t.session_id = ${sessionId ?? null}
    order by t.at desc, t.line_uuid desc limit ${most}`.execute(session.db);
  return rows.reverse();
}

/** Takes back all that the caller's machines sent; how many there were. */
export async function removeTexts(session: Session<'person'>): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coffee.remove_texts()::float8 as n`.execute(session.db);
  return rows[0]!.n;
}
