import { sql } from 'kysely';
import type { Session } from '../db/session';

export interface ProjectKey {
  id: string;
  project_id: string;
  project: string;
  name: string;
  public_key: string;
  created_by_name: string;
  created_at: Date;
  /** To the minute; null: never. */
  last_used_at: Date | null;
  revoked_at: Date | null;
}

export interface NewProjectKey {
  key_id: string;
  public_key: string;
  /** Kept nowhere: it is shown once. */
  secret_key: string;
}

export async function addProjectKey(
  session: Session<'person'>,
  projectId: string,
  name: string,
): Promise<NewProjectKey> {
  const { rows } = await sql<NewProjectKey>`
    select * from coffee.add_project_key(${projectId}, ${name})`.execute(session.db);
  return rows[0]!;
}

/** Of the caller's teams, the newest first; those that are revoked only where asked for. */
export async function listProjectKeys(
  session: Session<'person'>,
  options: { projectId?: string; revoked?: boolean } = {},
): Promise<ProjectKey[]> {
  const { rows } = await sql<ProjectKey>`
    select k.id, k.project_id, p.name as project, k.name, k.public_key,
      coalesce(b.name, '') as created_by_name, k.created_at, k.last_used_at, k.revoked_at
    from coffee.project_keys k
    join coffee.projects p on p.id = k.project_id
    left join coffee.people b on b.id = k.created_by
    where (${options.projectId ?? null}::uuid is null or k.project_id = ${options.projectId ?? null})
      and (${options.revoked === true} or k.revoked_at is null)
    order by k.created_at desc, k.public_key`.execute(session.db);
  return rows;
}

/** False: it was revoked before. Throws `not_found`. */
export async function revokeProjectKey(session: Session<'person'>, id: string): Promise<boolean> {
  const { rows } = await sql<{ revoked: boolean }>`
    select coffee.revoke_project_key(${id}) as revoked`.execute(session.db);
  return rows[0]!.revoked;
}
