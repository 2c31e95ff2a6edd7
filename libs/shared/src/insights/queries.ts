import { sql } from 'kysely';
import type { Session } from '../db/session';
import type { LocalDate } from '../time/periods/local-date';

type Person = Session<'person'>;

/** Sums of one team and one closed period, rounded to two digits; null: withheld. */
export interface TeamInsight {
  readonly team: string;
  readonly first_day: LocalDate;
  /** Exclusive. */
  readonly end_day: LocalDate;
  readonly calls: number | null;
  readonly tokens: number | null;
  /** USD. */
  readonly cost_usd: number | null;
  /** Messages in which a pattern was found. */
  readonly phrases: number | null;
}

/** What was decided of a team so far, the newest period first. For its members. */
export async function listInsights(session: Person, teamId: string): Promise<TeamInsight[]> {
  const { rows } = await sql<TeamInsight>`
    select t.name as team, i.first_day::text, i.end_day::text,
      (max(i.value) filter (where i.metric = 'calls'))::float8 as calls,
      (max(i.value) filter (where i.metric = 'tokens'))::float8 as tokens,
      (max(i.value) filter (where i.metric = 'cost_nanos') / 1000000000)::float8 as cost_usd,
      (max(i.value) filter (where i.metric = 'phrases'))::float8 as phrases
    from coffee.team_insights i join coffee.teams t on t.id = i.team_id
    where i.team_id = ${teamId}::uuid
    group by t.name, i.first_day, i.end_day order by i.first_day desc`.execute(session.db);
  return rows;
}

/**
 * Decides what a team is told of a closed period; a second call changes nothing. For managers. Throws
 * `invalid_input` where no period begins on that day, or where it is not closed.
 */
export async function publishInsights(
  session: Person,
  teamId: string,
  firstDay: LocalDate,
): Promise<void> {
  await sql`select from coffee.publish_insights(${teamId}::uuid, ${firstDay}::date)`.execute(
    session.db,
  );
}
