import { sql, type Selectable } from 'kysely';
import type { Session } from '../db/session';
import type {
  CoffeeNotificationKind,
  CoffeeNotificationPriority,
  CoffeeNotifications,
} from '../db/types.generated';
import { AppError } from '../errors';

export type Notification = Selectable<CoffeeNotifications> & {
  project: string;
  /** Number of the item that it is about. */
  number: string | null;
};

export interface NotificationFilter {
  projectId?: string;
  itemId?: number;
  /** Only questions that nobody has answered yet. */
  open?: boolean;
  kinds?: CoffeeNotificationKind[];
  /** Later than this id. */
  after?: number;
  /** Default 50, newest first. */
  limit?: number;
}

const PRIORITIES: CoffeeNotificationPriority[] = ['critical', 'high', 'normal', 'low'];

function select(session: Session) {
  return session.db
    .selectFrom('coffee.notifications as n')
    .innerJoin('coffee.projects as p', 'p.id', 'n.project_id')
    .leftJoin('coffee.roadmap_items as i', 'i.id', 'n.item_id')
    .selectAll('n')
    .select(['p.name as project', 'i.number']);
}

/** Open questions first by priority, the longest waiting first; otherwise the newest first. */
export async function listNotifications(
  session: Session,
  filter: NotificationFilter = {},
): Promise<Notification[]> {
  let query = select(session);
  if (filter.projectId !== undefined) query = query.where('n.project_id', '=', filter.projectId);
  if (filter.itemId !== undefined) query = query.where('n.item_id', '=', filter.itemId);
  if (filter.kinds !== undefined) query = query.where('n.kind', 'in', filter.kinds);
  if (filter.after !== undefined) query = query.where('n.id', '>', filter.after);
  if (filter.open !== true) {
    return query
      .orderBy('n.id', 'desc')
      .limit(filter.limit ?? 50)
      .execute();
  }
  const rows = await query
    .where('n.state', '=', 'pending')
    .orderBy('n.id')
    .limit(filter.limit ?? 500)
    .execute();
  return rows.sort((a, b) => PRIORITIES.indexOf(a.priority) - PRIORITIES.indexOf(b.priority));
}

/** Those with these ids that are visible, in their order. */
export function listNotificationsById(session: Session, ids: number[]): Promise<Notification[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return select(session).where('n.id', 'in', ids).orderBy('n.id').execute();
}

/** Throws `not_found`. */
export async function getNotification(session: Session, id: number): Promise<Notification> {
  const row = await select(session).where('n.id', '=', id).executeTakeFirst();
  if (row !== undefined) return row;
  throw new AppError('not_found', `there is no notification ${id}`, {
    hint: 'coffee-roadmap notifications list',
  });
}

/** The newest id that the caller may see; 0 when there is none. */
export async function lastNotificationId(session: Session): Promise<number> {
  const row = await session.db
    .selectFrom('coffee.notifications')
    .select((eb) => eb.fn.max('id').as('id'))
    .executeTakeFirst();
  return row?.id ?? 0;
}

/**
 * Gives the first valid answer. Throws `conflict` that says who answered what, `invalid_input` with
 * the possible answers, or `not_found`.
 */
export async function answerNotification(
  session: Session<'person'>,
  given: { id: number; answer: string; via: string },
): Promise<Selectable<CoffeeNotifications>> {
  const { rows } = await sql<Selectable<CoffeeNotifications>>`
    select * from coffee.answer(${given.id}, ${given.answer}, ${given.via})`.execute(session.db);
  return rows[0]!;
}

/** Takes back a question of the caller's own that nobody has answered. */
export async function withdrawNotification(
  session: Session<'person'> | Session<'agent'>,
  id: number,
): Promise<Selectable<CoffeeNotifications>> {
  const { rows } = await sql<Selectable<CoffeeNotifications>>`
    select * from coffee.withdraw(${id})`.execute(session.db);
  return rows[0]!;
}
