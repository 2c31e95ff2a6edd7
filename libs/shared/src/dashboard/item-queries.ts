import { sql } from 'kysely';
import type { Session } from '../db/session';

export interface ItemHeader {
  id: number;
  project_id: string;
  project: string;
  number: string;
  title: string;
  body: string;
  state: string;
  feedback: string | null;
  branch: string | null;
  commit_hash: string | null;
  accepted_at: Date | null;
  accepted_by_name: string | null;
  version: number;
  created_at: Date;
  updated_at: Date;
}

/** Undefined when it is not there or not visible. */
export async function findItemHeader(
  session: Session<'person'>,
  id: number,
): Promise<ItemHeader | undefined> {
  const { rows } = await sql<ItemHeader>`
    select i.id, i.project_id, p.name as project, i.number, i.title, i.body, i.state, i.feedback,
      i.branch, i.commit_hash, i.accepted_at, w.name as accepted_by_name, i.version, i.created_at,
      i.updated_at
    from coffee.roadmap_items i
    join coffee.projects p on p.id = i.project_id
    left join coffee.people w on w.id = i.accepted_by
    where i.id = ${id}`.execute(session.db);
  return rows[0];
}

/** Accepts what the person has looked at. `commit` null: there is none. Throws `conflict`. */
export async function acceptSeenItem(
  session: Session<'person'>,
  id: number,
  commit: string | null,
): Promise<{ id: number; state: string }> {
  const { rows } = await sql<{ id: number; state: string }>`
    select i.id, i.state from coffee.accept_item(${id}, ${commit}) i`.execute(session.db);
  return rows[0]!;
}
