import { sql, type Selectable } from 'kysely';
import type { Session } from '../db/session';
import type {
  CoffeeAttemptOutcome,
  CoffeeAttempts,
  CoffeeDaemonStatus,
  CoffeeProjects,
  CoffeeRoadmapItems,
} from '../db/types.generated';

type Daemon = Session<'daemon'>;

export interface Task {
  itemId: number;
  kind: 'work' | 'merge';
  /** Every write names it; a later holder has a larger one. */
  fence: number;
  attemptId: number | null;
  /** True when an earlier holder had begun. */
  takenOver: boolean;
}

export interface Assignment {
  item: Selectable<CoffeeRoadmapItems>;
  project: Selectable<CoffeeProjects>;
  /** Undefined for a merge. */
  attempt: Selectable<CoffeeAttempts> | undefined;
}

/** Totals of the attempt so far; tokens and USD. */
export interface AttemptFacts {
  branch?: string;
  base_commit?: string;
  commit_hash?: string;
  diff_stat?: object;
  last_output?: string;
  /** Seconds of the agent's own work. */
  worked_s?: number;
  cost_usd?: number;
  input_tokens?: number;
  output_tokens?: number;
  cache_read_tokens?: number;
  cache_write_tokens?: number;
}

const seconds = (ms: number) => sql`make_interval(secs => ${ms / 1000}::double precision)`;

/** What to do next, with a lease on it; undefined when there is nothing. */
export async function claimNextTask(
  session: Daemon,
  claim: {
    instance: string;
    agents: string[];
    /** Where the agents may run; merges are taken everywhere. */
    projects: string[];
    leaseMs: number;
    graceMs: number;
  },
): Promise<Task | undefined> {
  const { rows } = await sql<{
    item_id: number;
    kind: 'work' | 'merge';
    fence: number;
    attempt_id: number | null;
    taken_over: boolean;
  }>`select * from daemon.claim(${claim.instance}::uuid, ${claim.agents}::text[],
      ${seconds(claim.leaseMs)}, ${seconds(claim.graceMs)}, ${claim.projects}::uuid[])`.execute(
    session.db,
  );
  const row = rows[0];
  if (row === undefined) return undefined;
  return {
    itemId: row.item_id,
    kind: row.kind,
    fence: row.fence,
    attemptId: row.attempt_id,
    takenOver: row.taken_over,
  };
}

/** The rows behind a task. Throws when the item is not visible any more. */
export async function getAssignment(session: Daemon, task: Task): Promise<Assignment> {
  const item = await session.db
    .selectFrom('coffee.roadmap_items')
    .selectAll()
    .where('id', '=', task.itemId)
    .executeTakeFirstOrThrow();
  const project = await session.db
    .selectFrom('coffee.projects')
    .selectAll()
    .where('id', '=', item.project_id)
    .executeTakeFirstOrThrow();
  const attempt =
    task.attemptId === null
      ? undefined
      : await session.db
          .selectFrom('coffee.attempts')
          .selectAll()
          .where('id', '=', task.attemptId)
          .executeTakeFirstOrThrow();
  return { item, project, attempt };
}

/** False: the lease is gone. */
export async function heartbeat(session: Daemon, task: Task, leaseMs: number): Promise<boolean> {
  const { rows } = await sql<{ held: boolean }>`
    select daemon.heartbeat(${task.itemId}, ${task.fence}, ${seconds(leaseMs)}) as held`.execute(
    session.db,
  );
  return rows[0]?.held === true;
}

/** Gives the task back without an outcome; its attempt goes on elsewhere. */
export async function releaseTask(session: Daemon, task: Task): Promise<void> {
  await sql`select daemon.release(${task.itemId}, ${task.fence})`.execute(session.db);
}

/** Shows people a step. Throws `lease_lost` for a zombie, like all that follow. */
export async function recordStep(
  session: Daemon,
  task: Task,
  step: { kind: string; summary: string; detail?: unknown },
): Promise<void> {
  const detail = step.detail === undefined ? null : JSON.stringify(step.detail);
  await sql`select daemon.record_step(${task.itemId}, ${task.fence}, ${step.kind},
    ${step.summary}, ${detail}::jsonb)`.execute(session.db);
}

export async function updateAttempt(
  session: Daemon,
  task: Task,
  facts: AttemptFacts,
): Promise<void> {
  await sql`select daemon.update_attempt(${task.itemId}, ${task.fence},
    ${JSON.stringify(facts)}::jsonb)`.execute(session.db);
}

export async function finishAttempt(
  session: Daemon,
  task: Task,
  end: { outcome: CoffeeAttemptOutcome; reason: string; facts?: AttemptFacts },
): Promise<Selectable<CoffeeRoadmapItems>> {
  const { rows } = await sql<Selectable<CoffeeRoadmapItems>>`
    select * from daemon.finish(${task.itemId}, ${task.fence}, ${end.outcome}, ${end.reason},
      ${JSON.stringify(end.facts ?? {})}::jsonb)`.execute(session.db);
  return rows[0]!;
}

export async function finishMerge(
  session: Daemon,
  task: Task,
  end: {
    outcome: 'merged' | 'conflict' | 'refused' | 'later';
    commit: string | null;
    reason: string;
  },
): Promise<void> {
  await sql`select daemon.finish_merge(${task.itemId}, ${task.fence}, ${end.outcome},
    ${end.commit}, ${end.reason})`.execute(session.db);
}

/** Whether the attempt has a step of this kind: where a takeover goes on. */
export async function hasStep(session: Daemon, attemptId: number, kind: string): Promise<boolean> {
  const row = await session.db
    .selectFrom('coffee.attempt_steps')
    .select('step')
    .where('attempt_id', '=', attemptId)
    .where('kind', '=', kind)
    .limit(1)
    .executeTakeFirst();
  return row !== undefined;
}

/** USD that may still be spent on this item now; undefined: no limit. */
export async function budgetLeft(session: Daemon, itemId: number): Promise<number | undefined> {
  const { rows } = await sql<{ usd: string | null }>`
    select daemon.budget_left(${itemId}) as usd`.execute(session.db);
  return rows[0]?.usd == null ? undefined : Number(rows[0].usd);
}

export async function setDefaultBranch(
  session: Daemon,
  projectId: string,
  branch: string,
): Promise<void> {
  await sql`select daemon.set_default_branch(${projectId}::uuid, ${branch})`.execute(session.db);
}

export type DaemonReport = Partial<
  Pick<
    Selectable<CoffeeDaemonStatus>,
    | 'state'
    | 'item_id'
    | 'attempt_id'
    | 'note'
    | 'version'
    | 'host'
    | 'isolated'
    | 'isolation'
    | 'agents'
  >
> & { started_at?: string };

/** Shows people what the daemon does; returns the row, with whether it is to pause. */
export async function reportStatus(
  session: Daemon,
  report: DaemonReport,
): Promise<Selectable<CoffeeDaemonStatus>> {
  const { rows } = await sql<Selectable<CoffeeDaemonStatus>>`
    select * from daemon.report(${JSON.stringify(report)}::jsonb)`.execute(session.db);
  return rows[0]!;
}

export interface ServedProject {
  id: string;
  name: string;
  agent: string;
  agent_command: string[] | null;
  /** Items that wait to be taken, or to be gone on with by this daemon. */
  waiting: number;
  /** Its id; null: there was none yet. */
  last_attempt: number | null;
}

/** The projects of this daemon's teams. */
export function listServedProjects(session: Daemon): Promise<ServedProject[]> {
  return session.db
    .selectFrom('coffee.projects as p')
    .select(['p.id', 'p.name', 'p.agent', 'p.agent_command'])
    .select([
      sql<number>`(select count(*) from coffee.roadmap_items i
        where i.project_id = p.id and (i.state = 'planned' or i.state = 'in_progress' and exists (
          select from coffee.attempts a where a.item_id = i.id and a.ended_at is null
            and a.daemon_id = ${session.me.id}::uuid)))`.as('waiting'),
      sql<number | null>`(select a.id from coffee.attempts a where a.project_id = p.id
        order by a.started_at desc limit 1)`.as('last_attempt'),
    ])
    .where('p.archived_at', 'is', null)
    .orderBy('p.name')
    .execute();
}

/** Of these attempts, those that this daemon may go on with: what its folders are kept for. */
export async function listOpenAttempts(session: Daemon, ids: number[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const rows = await session.db
    .selectFrom('coffee.attempts as a')
    // After a reset there is no such row: the work begins in a new folder.
    .innerJoin('daemon.task_queue as t', 't.attempt_id', 'a.id')
    .select('a.id')
    .where('a.id', 'in', ids)
    .where('a.ended_at', 'is', null)
    .where('a.daemon_id', '=', session.me.id)
    .execute();
  return rows.map((row) => row.id);
}
