import type { Client } from 'pg';

export const TEAMS = 20;
export const PROJECTS = 50;
export const ROWS = 200_000;

/** Rows of each of the large tables go round the projects in turn. */
const STATEMENTS = [
  `insert into coffee.teams (name) select 'team-' || n from generate_series(2, ${TEAMS}) n`,
  `insert into coffee.projects (team_id, name, repository)
   select (array(select id from coffee.teams order by name))[1 + n % ${TEAMS}], 'project-' || n, '/nowhere'
   from generate_series(1, ${PROJECTS}) n`,
  `insert into priv.principals (kind, name)
   select 'daemon', 'filler-' || n from generate_series(1, ${TEAMS}) n`,
  `insert into coffee.memberships (team_id, member_id)
   select (array(select id from coffee.teams order by name))[n], p.id
   from generate_series(1, ${TEAMS}) n join priv.principals p on p.name = 'filler-' || n`,
  `create temporary table project as
   select (row_number() over (order by name))::int - 1 as place, id from coffee.projects`,
  `insert into coffee.roadmap_items (project_id, number, position, title, body, state, branch)
   select p.id, n / ${PROJECTS} + 1, n / ${PROJECTS} + 1, 'Priority ' || n, repeat('What is to be done. ', 10),
     (array['planned', 'done', 'done', 'in_review', 'blocked'])[1 + n / ${PROJECTS} % 5]::coffee.item_state, 'roadmap/' || n
   from generate_series(0, ${ROWS - 1}) n join project p on p.place = n % ${PROJECTS} order by n`,
  `insert into coffee.attempts (project_id, item_id, attempt, daemon_id, agent, ended_at, outcome, cost_usd)
   select i.project_id, i.id, 1, d.id, 'claude', now(), 'review', 0.5
   from coffee.roadmap_items i
   cross join (select id from priv.principals where name = 'filler-1') d where i.id / ${PROJECTS} % 4 = 0`,
  `insert into coffee.attempt_steps (attempt_id, step, project_id, kind, summary, detail)
   select a.id, s, a.project_id, 'tool', 'Edited a file', '{"path": "src/main.ts"}'
   from coffee.attempts a cross join generate_series(1, 28) s where a.id % 7 = 0`,
  `insert into coffee.roadmap_history (project_id, item_id, changed_by_name, change, after)
   select i.project_id, i.id, 'daemon', 'claim', '{"state": "in_progress"}'
   from coffee.roadmap_items i cross join generate_series(1, 4) where i.id / ${PROJECTS} % 4 = 0`,
  `insert into coffee.notifications (project_id, item_id, kind, title, message, options, asked_by,
     asked_by_name, key_scope, state)
   select i.project_id, i.id, case when i.id / ${PROJECTS} % 50 = 0 then 'question' else 'info' end::coffee.notification_kind,
     'Which colour?', repeat('Why it matters. ', 5), '[{"label": "Red"}, {"label": "Blue"}]', d.id, 'daemon', 'filler',
     case when i.id / ${PROJECTS} % 50 = 0 then 'pending' else 'posted' end::coffee.notification_state
   from coffee.roadmap_items i
   cross join (select id from priv.principals where name = 'filler-1') d`,
  `insert into coffee.daemon_status (daemon_id, name, state, version, started_at, heartbeat_at)
   select id, name, 'idle', '1', now(), now() from priv.principals where name like 'filler-%'`,
];

/** Fills a migrated database with teams, projects and some 200,000 rows of each large table. */
export async function fill(client: Client): Promise<void> {
  // The rows fit together by construction; checking a million references would take the longest.
  await client.query('set session_replication_role = replica');
  for (const statement of STATEMENTS) await client.query(statement);
  await client.query('set session_replication_role = origin');
  await client.query('vacuum analyze');
}
