import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';

const DAYS = 365;

/**
 * A year of detail of everybody in the team, `events` rows in all, made by the server itself: so many that
 * handing them in would be most of the run. Nobody publishes of it; it is what lies around whoever does.
 * Indexes are built after the rows. Returns how long that took, in milliseconds.
 */
export async function fillEvents(superuser: Client, events: number): Promise<number> {
  const start = performance.now();
  await superuser.query('set session_replication_role = replica');
  await superuser.query('set synchronous_commit = off');
  await superuser.query(`set maintenance_work_mem = '256MB'`);
  const { rows: indexes } = await superuser.query<{ name: string; made: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made
     from pg_index i where i.indrelid = 'coffee.activity_events'::regclass and not i.indisprimary`,
  );
  for (const { name } of indexes) await superuser.query(`drop index ${name}`);
  await superuser.query('alter table coffee.activity_events drop constraint activity_events_pkey');
  const { rows: people } = await superuser.query<{ id: string }>(
    `select id from coffee.people where name like 'person %' order by id`,
  );
  const each = Math.round(events / people.length);
  for (const { id } of people) {
    const machine = randomUUID();
    await superuser.query(
      `insert into coffee.machines (person_id, id, label) values ($1, $2, 'desk')`,
      [id, machine],
    );
    await superuser.query(EVENTS_OF_ONE, [id, machine, each, DAYS]);
  }
  await superuser.query(
    `alter table coffee.activity_events add constraint activity_events_pkey primary key (person_id, event_key)`,
  );
  for (const { made } of indexes) await superuser.query(made);
  await superuser.query('set session_replication_role = origin');
  await superuser.query('analyze coffee.activity_events');
  return performance.now() - start;
}

/** Panes, messages and tools of eight sessions a day over ten hours, at the same pace all year. */
const EVENTS_OF_ONE = `
  insert into coffee.activity_events (person_id, event_key, id, machine_id, at, effective_at, type, source,
    session_id, folder, tool, pane_id, git_project)
  select $1::uuid, e.id, e.id, $2::uuid, e.at, e.at, e.type, e.source,
    case when e.type <> 'tmux_pane_focus' then 'session-' || e.day || '-' || e.n % 8 end,
    '/home/ada/src/project-' || e.n % 8,
    case when e.type = 'agent_tool_use' then 'Bash' end,
    case when e.type = 'tmux_pane_focus' then '%' || e.n % 8 end,
    case when e.type = 'tmux_pane_focus' then 'host/ada/project-' || e.n % 8 end
  from (
    select k.*, concat_ws(':', $2::uuid::text, k.source, k.type,
      to_char(k.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), k.n) as id
    from (
      select g.n, g.day, t.type, case when t.type = 'tmux_pane_focus' then 'remote.tmux' else 'remote.agent' end as source,
        date_trunc('day', now()) - make_interval(days => g.day) + interval '8 hours'
          + interval '10 hours' * ((g.n * 7919) % 36000) / 36000 as at
      from (select n, n % $4::int as day from generate_series(1, $3::int) n) g
      cross join lateral (select case when g.n % 7 = 0 then 'tmux_pane_focus' when g.n % 7 = 1 then 'user_message'
        else 'agent_tool_use' end as type) t) k) e
  order by e.id`;
