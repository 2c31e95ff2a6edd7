import { sql, type Selectable } from 'kysely';
import type { Session } from '../db/session';
import type { CoffeeNotifications } from '../db/types.generated';

export type Asker = Session<'person'> | Session<'agent'> | Session<'daemon'>;

export interface NewNotification {
  projectId: string;
  kind: 'question' | 'info' | 'warning' | 'error' | 'completion';
  title: string;
  message?: string;
  priority?: 'critical' | 'high' | 'normal' | 'low';
  options?: { label: string; description?: string }[];
  multiple?: boolean;
  freeText?: boolean;
  /** The same after a restart: nothing is asked twice. Left out: each call is another one. */
  key?: string;
  itemId?: number;
  attemptId?: number;
  /** Seconds; with it `defaultAnswer` says what is taken then. Left out: waits for ever. */
  timeoutS?: number;
  defaultAnswer?: string;
  context?: object;
}

/** Asks or tells people; returns the row, which may be an older one with the same key. */
export async function notify(
  session: Asker,
  note: NewNotification,
): Promise<Selectable<CoffeeNotifications>> {
  const settings = {
    kind: note.kind,
    priority: note.priority,
    options: note.options,
    multiple: note.multiple,
    free_text: note.freeText,
    key: note.key,
    item_id: note.itemId,
    attempt_id: note.attemptId,
    timeout_s: note.timeoutS,
    default_answer: note.defaultAnswer,
    context: note.context,
  };
  const { rows } = await sql<Selectable<CoffeeNotifications>>`
    select * from coffee.ask(${note.projectId}::uuid, ${note.title}, ${note.message ?? ''},
      ${JSON.stringify(settings)}::jsonb)`.execute(session.db);
  return rows[0]!;
}

export function findNotification(
  session: Session,
  id: number,
): Promise<Selectable<CoffeeNotifications> | undefined> {
  return session.db
    .selectFrom('coffee.notifications')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
}

/** Takes the stated default of every question whose time has passed; returns how many. */
export async function expireNotifications(session: Session): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coffee.expire_notifications() as count`.execute(session.db);
  return rows[0]?.count ?? 0;
}
