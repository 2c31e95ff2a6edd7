import type { Client } from 'pg';

export const TEAMS = 4;
export const PROJECTS = 20;
export const ZONE = 'Asia/Kolkata';
const DAYS = 365;

/** What the panels do not read and what would take the longest to fill: checked and put back by nobody. */
const UNREAD_INDEXES = [
  ...['generations_trace', 'generations_at', 'generations_pricing_version'],
  ...['generations_daemon', 'generations_attempt', 'generations_item'],
];

/**
 * A year of calls: each project has a daemon, four items a day and three models. The sums are made by
 * one grouping of the rows, which the triggers' property test says is the same, and lie in the order of time,
 * as those do that come day by day. Returns the milliseconds that it took.
 */
export async function fill(client: Client, rows: number): Promise<number> {
  const begin = performance.now();
  await client.query('set session_replication_role = replica');
  // Ten million rows are more than one statement of a login may put aside.
  await client.query('set temp_file_limit = -1');
  await client.query(`set work_mem = '2GB'`);
  for (const name of UNREAD_INDEXES) await client.query(`drop index coffee.${name}`);
  await client.query('alter table coffee.generations drop constraint generations_pkey');
  for (const statement of statements(rows)) await client.query(statement);
  await client.query('set session_replication_role = origin');
  await client.query(
    'vacuum analyze coffee.generations, coffee.trace_buckets, coffee.trace_days, coffee.projects, coffee.roadmap_items',
  );
  return performance.now() - begin;
}

const SUMS = `count(*), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens),
  sum(cache_write_5m_tokens), sum(cache_write_1h_tokens), coalesce(sum(cost_nanos), 0),
  count(*) filter (where unpriced), 0, 0`;
const DAY_SUMS = `sum(calls), sum(input_tokens), sum(output_tokens), sum(cache_read_tokens),
  sum(cache_write_5m_tokens), sum(cache_write_1h_tokens), sum(cost_nanos), sum(unpriced_calls), 0, 0`;

function statements(rows: number): string[] {
  return [
    `insert into coffee.reporting_zones (zone) values ('${ZONE}')`,
    `insert into coffee.teams (name) select 'team-' || n from generate_series(2, ${TEAMS}) n`,
    `insert into coffee.projects (team_id, name, repository)
     select (array(select id from coffee.teams order by name))[1 + n % ${TEAMS}], 'project-' || n, '/nowhere'
     from generate_series(1, ${PROJECTS}) n`,
    `create temporary table project as
     select (row_number() over (order by name))::int - 1 as place, id, gen_random_uuid() as daemon
     from coffee.projects`,
    `insert into coffee.roadmap_items (project_id, number, position, title)
     select p.id, n + 1, n, 'Priority ' || n from project p cross join generate_series(0, ${DAYS * 4 - 1}) n
     order by p.place, n`,
    `create temporary table item as
     select p.place, (i.position)::int as nth, i.id from coffee.roadmap_items i join project p on p.id = i.project_id`,
    `insert into coffee.generations (project_id, id, kind, model, model_name, started_at, ended_at, seen_at,
       input_tokens, output_tokens, cache_read_tokens, cost_nanos, pricing_version, daemon_id, item_id, stamp)
     select p.id, n::text, 'generation', m.name, m.name, c.at, c.at + interval '4 s', c.at,
       n % 5000, n % 900, n % 70000, n % 40000 * 1000, 1, p.daemon, i.id, 0
     from generate_series(0, ${rows - 1}) n
     cross join lateral (select now() - interval '${DAYS} days' * (1 - n::float8 / ${rows}) as at,
       (n::bigint * ${DAYS} / ${rows})::int as day) c
     join project p on p.place = n % ${PROJECTS}
     join (values (0, 'claude-opus-5'), (1, 'claude-sonnet-5'), (2, 'claude-haiku-4-5')) m (place, name)
       on m.place = n / ${PROJECTS} % 3
     join item i on i.place = p.place and i.nth = c.day * 4 + n / ${PROJECTS * 3} % 4`,
    `insert into coffee.trace_buckets
     select project_id, date_bin('15 minutes', at, '2000-01-01 00:00Z'), coalesce(model_name, ''), daemon_id, item_id, ${SUMS}
     from coffee.generations group by 1, 2, 3, 4, 5 order by 2`,
    `insert into coffee.trace_days
     select project_id, zone, (bucket at time zone zone)::date, model, daemon_id, item_id, ${DAY_SUMS}
     from coffee.trace_buckets cross join coffee.reporting_zones group by 1, 2, 3, 4, 5, 6 order by 3`,
  ];
}
