import type { Session } from '../db/session';
import type { CoffeeHistoryChange } from '../db/types.generated';

export interface Change {
  id: number;
  changed_at: Date;
  changed_by_name: string;
  change: CoffeeHistoryChange;
  reason: string | null;
  project: string;
  number: string;
  title: string;
}

/** What happened to the items that the caller may see after the change with this id, in order. */
export function listChangesAfter(session: Session, id: number): Promise<Change[]> {
  return session.db
    .selectFrom('coffee.roadmap_history as h')
    .innerJoin('coffee.roadmap_items as i', 'i.id', 'h.item_id')
    .innerJoin('coffee.projects as p', 'p.id', 'h.project_id')
    .select(['h.id', 'h.changed_at', 'h.changed_by_name', 'h.change', 'h.reason'])
    .select(['p.name as project', 'i.number', 'i.title'])
    .where('h.id', '>', id)
    .orderBy('h.id')
    .limit(500)
    .execute();
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
