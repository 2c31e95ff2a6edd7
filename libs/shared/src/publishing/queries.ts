import { sql } from 'kysely';
import type { Session } from '../db/session';
import type { Span } from '../time/intervals/interval';
import type { LocalDate } from '../time/periods/local-date';
import type { LinkKind, ProjectLink } from './match-links';
import type { Granularity } from './periods';
import type { BilledProject, ModelUse, SummaryLine } from './summarise';

type Person = Session<'person'>;

/** Which of the four ways a publication came by. */
export type Layer = 'git_hook' | 'service' | 'ci' | 'hand';

export interface PublishingTeam {
  readonly id: string;
  readonly name: string;
  /** In the order of their months. */
  readonly granularities: readonly Granularity[];
  /** By name, archived ones included. */
  readonly projects: readonly (BilledProject & { readonly name: string })[];
}

interface SettingsRow {
  id: string;
  name: string;
  rounding_per: 'none' | 'entry' | 'day' | 'month';
  rounding_minutes: number;
  delegated: boolean;
  ai_cost: boolean;
}

/** The caller's teams, with what decides what their members publish. */
export async function loadTeams(session: Person): Promise<PublishingTeam[]> {
  const { rows } = await sql<{
    id: string;
    name: string;
    granularities: Granularity[];
    projects: SettingsRow[];
  }>`
    select t.id, t.name,
      coalesce((select jsonb_agg(jsonb_build_object('from_month', g.from_month, 'period', g.period,
          'per', g.per, 'zone', g.zone) order by g.from_month)
        from coffee.granularities g where g.team_id = t.id), '[]') as granularities,
      coalesce((select jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name,
          'rounding_per', coalesce(b.rounding_per, 'none'), 'rounding_minutes', coalesce(b.rounding_minutes, 1),
          'delegated', coalesce(b.bill_delegated, false), 'ai_cost', coalesce(b.ai_cost, 'none') <> 'none')
          order by p.name)
        from coffee.projects p left join coffee.billing_settings b on b.project_id = p.id
        where p.team_id = t.id), '[]') as projects
    from coffee.teams t order by t.name`.execute(session.db);
  return rows.map(({ projects, ...team }) => ({
    ...team,
    projects: projects.map((row) => ({
      ...{ id: row.id, name: row.name, delegated: row.delegated, aiCost: row.ai_cost },
      rounding:
        row.rounding_per === 'none'
          ? { per: 'none' }
          : { per: row.rounding_per, minutes: row.rounding_minutes },
    })),
  }));
}

/** The caller's own links; nobody else sees them. */
export async function listLinks(session: Person): Promise<ProjectLink[]> {
  const { rows } = await sql<ProjectLink>`
    select kind, value, project_id from coffee.project_links order by kind, value`.execute(
    session.db,
  );
  return rows;
}

/** `projectId` null takes a link away. Returns whether anything changed. */
export async function linkProject(
  session: Person,
  kind: LinkKind,
  value: string,
  projectId: string | null,
): Promise<boolean> {
  const { rows } = await sql<{ changed: boolean }>`
    select coffee.link_project(${kind}, ${value}, ${projectId}::uuid) as changed`.execute(
    session.db,
  );
  return rows[0]!.changed;
}

export interface FolderUse extends Omit<ModelUse, 'project'> {
  readonly folder: string;
}

/**
 * What the caller's own machines used models for, by folder and model, for each span in turn. Calls that a
 * trace reports too are left out: those are its project's.
 */
export async function loadModelUse(
  session: Person,
  spans: readonly Span[],
): Promise<FolderUse[][]> {
  // A span at a time, each a range of the index: joined, every call of the person's meets every span.
  const { rows } = await sql<FolderUse & { n: number }>`
    select s.n::int as n, coalesce(u.folder, '') as folder, coalesce(m.name, '') as model,
      sum(u.input_tokens)::float8 as input_tokens, sum(u.output_tokens)::float8 as output_tokens,
      sum(u.cache_read_tokens)::float8 as cache_read_tokens, sum(u.cache_write_tokens)::float8 as cache_write_tokens,
      sum(u.cost_nanos)::float8 as cost_nanos, sum(u.unpriced_calls)::float8 as unpriced_calls
    from unnest(${spans.map(({ from }) => new Date(from))}::timestamptz[],
      ${spans.map(({ to }) => new Date(to))}::timestamptz[]) with ordinality s (begins_at, ends_at, n)
    cross join lateral (
      select c.folder, c.model, sum(c.input_tokens) as input_tokens, sum(c.output_tokens) as output_tokens,
        sum(c.cache_read_tokens) as cache_read_tokens,
        sum(c.cache_write_5m_tokens + c.cache_write_1h_tokens) as cache_write_tokens,
        coalesce(sum(c.cost_nanos), 0) as cost_nanos,
        count(*) filter (where c.cost_nanos is null) as unpriced_calls
      from coffee.usage_records c
      where c.at >= s.begins_at and c.at < s.ends_at and not exists (
        select from coffee.generations g where g.message_id = nullif(c.message_id, ''))
      group by c.folder, c.model) u
    cross join lateral (select left(regexp_replace(u.model, '[^ -~]', '', 'g'), 200) as name) m
    group by 1, 2, 3 order by 1, 2, 3`.execute(session.db);
  const found = spans.map((): FolderUse[] => []);
  for (const { n, ...use } of rows) found[n - 1]!.push(use);
  return found;
}

/** The lines of the caller's current versions of periods that begin from one day to another, by that day. */
export async function listPublishedLines(
  session: Person,
  teamId: string,
  { first, last }: { first: LocalDate; last: LocalDate },
): Promise<Map<LocalDate, SummaryLine[]>> {
  const { rows } = await sql<SummaryLine & { first_day: LocalDate }>`
    select l.first_day::text, l.project_id as project, l.issue, l.kind, l.model,
      l.measured_seconds::float8 as measured_seconds, l.billed_seconds::float8 as billed_seconds,
      l.sessions, l.issues, l.input_tokens::float8 as input_tokens,
      l.output_tokens::float8 as output_tokens, l.cache_read_tokens::float8 as cache_read_tokens,
      l.cache_write_tokens::float8 as cache_write_tokens, l.cost_nanos::float8 as cost_nanos,
      l.unpriced_calls::float8 as unpriced_calls
    from coffee.published_lines l
    join coffee.published_summaries s using (person_id, team_id, first_day, version)
    where l.person_id = ${session.me.id}::uuid and l.team_id = ${teamId}::uuid
      and l.first_day between ${first}::date and ${last}::date and s.replaced_at is null`.execute(
    session.db,
  );
  const found = new Map<LocalDate, SummaryLine[]>();
  for (const { first_day, ...line } of rows)
    found.set(first_day, [...(found.get(first_day) ?? []), line]);
  return found;
}

export interface PublishedTotals {
  readonly first_day: LocalDate;
  readonly version: number;
  readonly measured_seconds: number;
}

/** What the caller has published to a team so far, by period. */
export async function listPublished(session: Person, teamId: string): Promise<PublishedTotals[]> {
  const { rows } = await sql<PublishedTotals>`
    select s.first_day::text, s.version,
      coalesce(sum(l.measured_seconds), 0)::float8 as measured_seconds
    from coffee.published_summaries s
    left join coffee.published_lines l using (person_id, team_id, first_day, version)
    where s.person_id = ${session.me.id}::uuid and s.team_id = ${teamId}::uuid and s.replaced_at is null
    group by s.person_id, s.team_id, s.first_day, s.version order by s.first_day`.execute(
    session.db,
  );
  return rows;
}

/** The first of the caller's credited time, in milliseconds; null: there is none. */
export async function firstCreditedTime(session: Person): Promise<number | null> {
  const { rows } = await sql<{ at: Date | null }>`
    select min(i.starts_at) as at from coffee.time_intervals i`.execute(session.db);
  return rows[0]?.at?.getTime() ?? null;
}

export interface Publication {
  version: number;
  changed: boolean;
  closed: boolean;
  /** SHA-256 of the canonical JSON, in hex. */
  digest: string;
}

/** Sets one period, whole. Throws `invalid_input` for a correction of a closed one without a reason. */
export async function publishPeriod(
  session: Person,
  period: {
    teamId: string;
    firstDay: LocalDate;
    lines: readonly SummaryLine[];
    layer: Layer;
    reason?: string | undefined;
  },
): Promise<Publication> {
  const { rows } = await sql<Publication>`
    select * from coffee.publish(${period.teamId}::uuid, ${period.firstDay}::date,
      ${JSON.stringify(period.lines)}::jsonb, ${period.layer}, ${period.reason ?? null})`.execute(
    session.db,
  );
  return rows[0]!;
}

/** Notes one run of a layer; `code` is the error's where it failed. */
export async function logPublication(
  session: Person,
  run: { teamId: string; layer: Layer; code?: string; periods: number; changed: number },
): Promise<void> {
  await sql`select coffee.log_publication(${run.teamId}::uuid, ${run.layer}, ${run.code ?? null},
    ${run.periods}::int, ${run.changed}::int)`.execute(session.db);
}

export interface PublicationProblem {
  team_id: string;
  team: string;
  person_id: string;
  person: string;
  first_day: LocalDate;
  end_day: LocalDate;
  problem: 'missing' | 'checksum' | 'chain';
}

/** Closed periods that somebody did not publish, or that are damaged: of all whom the caller may check. */
export async function checkPublications(
  session: Session<'person' | 'auditor'>,
  from: LocalDate,
  to: LocalDate,
): Promise<PublicationProblem[]> {
  const { rows } = await sql<PublicationProblem>`
    select team_id, team, person_id, person, first_day::text, end_day::text, problem
    from coffee.check_publications(${from}::date, ${to}::date)`.execute(session.db);
  return rows;
}

/** Tells the teams that are concerned, once for each period; how many notifications are new. */
export async function raiseMissedPublications(
  session: Session<'person' | 'auditor'>,
  from: LocalDate,
  to: LocalDate,
): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    select coffee.raise_missed_publications(${from}::date, ${to}::date) as n`.execute(session.db);
  return rows[0]!.n;
}

/** Logs the check as a run of the layer `ci`. Throws `not_allowed` for who is neither auditor nor manager. */
export async function logCheck(
  session: Session<'person' | 'auditor'>,
  from: LocalDate,
  to: LocalDate,
): Promise<void> {
  await sql`select coffee.log_check(${from}::date, ${to}::date)`.execute(session.db);
}

export interface PublishingHealth {
  team: string;
  layer: Layer;
  runs: number;
  failed_runs: number;
  success_rate: number;
  changed: number;
  last_run_at: Date;
  delay_hours: number | null;
  uptime: number | null;
  /** Of the two aims, success and uptime, at least one is missed. */
  below_aim: boolean;
}

/** The last 30 days, by team and layer: the caller's own, and of the teams that they manage. */
export async function listPublishingHealth(session: Person): Promise<PublishingHealth[]> {
  const { rows } = await sql<PublishingHealth>`
    select team, layer, runs::int, failed_runs::int, success_rate::float8, changed::int, last_run_at,
      delay_hours::float8, uptime::float8, below_aim
    from analytics.health order by team, layer`.execute(session.db);
  return rows;
}
