import { sql } from 'kysely';
import type { Session } from '../db/session';
import type { CoffeeHistoryChange, JsonValue } from '../db/types.generated';

export interface Change {
  id: number;
  changed_at: Date;
  changed_by_name: string;
  change: CoffeeHistoryChange;
  reason: string | null;
  /** What it changed; null where nothing of the item itself did. */
  after: JsonValue | null;
  /** By a person, not by a daemon. */
  by_person: boolean;
  project: string;
  number: string;
  title: string;
}

/** What happened to the items that the caller may see after the change with this id, in order. */
export function listChangesAfter(session: Session, id: number): Promise<Change[]> {
  return (
    session.db
      .selectFrom('coffee.roadmap_history as h')
      // One that went again with the move that had brought it is told of by its number and title of then.
      .leftJoin('coffee.roadmap_items as i', 'i.id', 'h.item_id')
      .innerJoin('coffee.projects as p', 'p.id', 'h.project_id')
      .leftJoin('coffee.people as who', 'who.id', 'h.changed_by')
      .select(['h.id', 'h.changed_at', 'h.changed_by_name', 'h.change', 'h.reason', 'h.after'])
      .select((eb) => eb('who.id', 'is not', null).$castTo<boolean>().as('by_person'))
      .select('p.name as project')
      .select([
        sql<string>`coalesce(i.number, h.before ->> 'number', h.after ->> 'number')`.as('number'),
        sql<string>`coalesce(i.title, h.before ->> 'title', h.after ->> 'title')`.as('title'),
      ])
      .where('h.id', '>', id)
      .where(
        sql<boolean>`coalesce(i.number, h.before ->> 'number', h.after ->> 'number') is not null`,
      )
      .orderBy('h.id')
      .limit(500)
      .execute()
  );
}

/** The newest id that the caller may see; 0 when nothing has happened yet. */
export async function lastChangeId(session: Session): Promise<number> {
  const row = await session.db
    .selectFrom('coffee.roadmap_history')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst();
  return row?.id ?? 0;
}
