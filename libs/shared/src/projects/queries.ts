import { sql, type Selectable } from 'kysely';
import type { Session } from '../db/session';
import type { CoffeeItemState, CoffeeProjects } from '../db/types.generated';

export type Project = Selectable<CoffeeProjects>;

export interface ListedProject extends Omit<Project, 'roadmap_preamble'> {
  team: string;
  /** How many items are in each state; a state without items is left out. */
  items: Partial<Record<CoffeeItemState, number>>;
  open_questions: number;
  /** USD since midnight UTC, as the budget of a day counts it. */
  spent_today_usd: string;
}

/** What a project may be told; null clears. Keys that are left out stay as they are. */
export interface ProjectSettings {
  name?: string;
  repository?: string;
  default_branch?: string | null;
  merge?: 'auto' | 'manual';
  agent?: string;
  agent_model?: string | null;
  agent_command?: string[] | null;
  budget_item_usd?: number | null;
  budget_day_usd?: number | null;
  attempt_minutes?: number;
  max_attempts?: number;
  backoff_s?: number;
  archived?: boolean;
}

/** The projects of the caller's teams, by name. */
export async function listProjects(
  session: Session,
  options: { archived?: boolean } = {},
): Promise<ListedProject[]> {
  const { rows } = await sql<ListedProject>`
    select p.id, p.team_id, p.name, p.repository, p.default_branch, p.merge, p.agent, p.agent_model,
      p.agent_command, p.budget_item_usd, p.budget_day_usd, p.attempt_minutes, p.max_attempts,
      p.backoff_s, p.sample, p.created_at, p.archived_at, t.name as team,
      coalesce((select jsonb_object_agg(s.state, s.n) from (
        select i.state, count(*) as n from coffee.roadmap_items i
        where i.project_id = p.id group by i.state) s), '{}') as items,
      (select count(*) from coffee.notifications n
        where n.project_id = p.id and n.state = 'pending') as open_questions,
      coalesce(b.spent_today_usd, 0) as spent_today_usd
    from coffee.projects p join coffee.teams t on t.id = p.team_id
    left join analytics.budgets b on b.project_id = p.id
    where ${options.archived === true} or p.archived_at is null
    order by lower(p.name), lower(t.name)`.execute(session.db);
  return rows;
}

export interface ProjectName {
  id: string;
  team_id: string;
  name: string;
  team: string;
  archived_at: Date | null;
}

/** Names of all projects of the caller's teams; cheap. */
export function listProjectNames(session: Session): Promise<ProjectName[]> {
  return session.db
    .selectFrom('coffee.projects as p')
    .innerJoin('coffee.teams as t', 't.id', 'p.team_id')
    .select(['p.id', 'p.team_id', 'p.name', 't.name as team', 'p.archived_at'])
    .orderBy('p.name')
    .orderBy('t.name')
    .execute();
}

/** Throws when it is not there or not visible. */
export function getProject(session: Session, id: string): Promise<Project> {
  return session.db
    .selectFrom('coffee.projects')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirstOrThrow();
}

export function findTeamId(session: Session, name: string): Promise<string | undefined> {
  return session.db
    .selectFrom('coffee.teams')
    .select('id')
    .where(sql<boolean>`lower(name) = lower(${name})`)
    .executeTakeFirst()
    .then((row) => row?.id);
}

/** Returns the new project's id. `teamId` null: the caller's only team. */
export async function addProject(
  session: Session<'person'>,
  project: {
    teamId: string | null;
    name: string;
    repository: string;
    settings?: ProjectSettings & { sample?: boolean };
  },
): Promise<string> {
  const { rows } = await sql<{ id: string }>`
    select coffee.add_project(${project.teamId}::uuid, ${project.name}, ${project.repository},
      ${JSON.stringify(project.settings ?? {})}::jsonb) as id`.execute(session.db);
  return rows[0]!.id;
}

export async function setProject(
  session: Session<'person'>,
  id: string,
  settings: ProjectSettings,
): Promise<Project> {
  const { rows } = await sql<Project>`
    select * from coffee.set_project(${id}::uuid, ${JSON.stringify(settings)}::jsonb)`.execute(
    session.db,
  );
  return rows[0]!;
}
