import type { Client } from 'pg';

/** First month of the year that is filled. */
export const FIRST = '2025-01-01';
export const AFTER = '2026-01-01';
const PROJECTS = 10;
const DAYS = 365;
/** Quarter hours a day in which each project's daemon works. */
const QUARTERS = 32;

/**
 * A team whose members published each of 250 working days, with time in three projects a day and models in
 * one, and whose projects each have a daemon that works eight hours a day. Written as superuser, with the digests
 * left out: this is about reading.
 */
export async function fillYear(superuser: Client, people: number): Promise<string> {
  await superuser.query('set session_replication_role = replica');
  const { rows } = await superuser.query<{ id: string }>('select id from coffee.teams limit 1');
  const team = rows[0]!.id;
  const run = (sql: string, params: unknown[] = []): Promise<unknown> =>
    superuser.query(sql, params);
  await run(
    `insert into coffee.granularities (team_id, from_month, period, per, zone, close_days, least_people)
     values ($1, '2024-01-01', 'day', 'project', 'UTC', 3, 5)`,
    [team],
  );
  await run(
    `with made as (insert into coffee.projects (team_id, name, repository)
       select $1, 'project-' || n, '/srv/' || n from generate_series(1, $2) n returning id)
     insert into coffee.billing_settings (project_id, client, ai_cost, rounding_per, rounding_minutes)
     select id, 'Client', 'at_cost', 'month', 6 from made`,
    [team, PROJECTS],
  );
  await run(
    `with made as (insert into priv.principals (kind, name)
       select 'person', 'person ' || n from generate_series(1, $1) n returning id, name)
     insert into coffee.people (id, name) select id, name from made`,
    [people],
  );
  await run(
    `insert into coffee.rates (project_id, effective_from, per_hour, set_by)
     select b.project_id, '2024-01-01', 80, p.id from coffee.billing_settings b,
       (select id from priv.principals limit 1) p`,
  );
  await run(
    `insert into coffee.published_summaries
       (person_id, team_id, first_day, version, end_day, period, per, zone, sha256, layer)
     select p.id, $1, d.day, 1, d.day + 1, 'day', 'project', 'UTC', sha256(''), 'service'
     from coffee.people p, (select ($2::date + n * 365 / 250) as day from generate_series(0, 249) n) d
     where p.name like 'person %'`,
    [team, FIRST],
  );
  await run(
    `with projects as (select id, row_number() over (order by id) - 1 as n from coffee.projects
       where name like 'project-%')
     insert into coffee.published_lines (person_id, team_id, first_day, version, project_id, kind, model,
       measured_seconds, billed_seconds, cost_nanos)
     select s.person_id, s.team_id, s.first_day, 1, p.id, k.kind, k.model, k.seconds, k.seconds, k.nanos
     from coffee.published_summaries s
     cross join (values (0, 'time', '', 9001, 0), (1, 'time', '', 7200, 0), (2, 'time', '', 4567, 0),
       (0, 'ai', 'claude-opus-5', 0, 123456789)) k (n, kind, model, seconds, nanos)
     join projects p on p.n = (abs(hashtext(s.person_id::text)) + k.n) % $1`,
    [PROJECTS],
  );
  await run(
    `insert into coffee.published_months
     select team_id, date_trunc('month', first_day::timestamp)::date, person_id, project_id, issue, kind, model,
       sum(measured_seconds), sum(billed_seconds), 0, 0, 0, 0, 0, 0, sum(cost_nanos), 0
     from coffee.published_lines group by 1, 2, 3, 4, 5, 6, 7`,
  );
  await run(
    `with daemons as (insert into priv.principals (kind, name)
       select 'daemon', 'daemon of ' || name from coffee.projects where name like 'project-%' returning id, name)
     insert into coffee.trace_buckets
     select p.id, $1::date::timestamp at time zone 'UTC' + make_interval(days => d, mins => 15 * q), 'claude-opus-5',
       m.id, d + 1, 6, 100, 4000, 300000, 20000, 0, 250000000, 0, 0, 30000
     from coffee.projects p join daemons m on m.name = 'daemon of ' || p.name
     cross join generate_series(0, ${DAYS - 1}) d cross join generate_series(32, ${31 + QUARTERS}) q`,
    [FIRST],
  );
  await run('set session_replication_role = origin');
  await run('analyze');
  return team;
}
