import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import type { Client } from 'pg';
import { connect } from '../server/connect';

const DAYS = 365;
/** More than this the disk has no use for. */
const MOST_HANDS = 4;

/**
 * A year of detail of everybody in the team, `events` rows in all, made by the server itself: so many that
 * handing them in would be most of the run. Nobody publishes of it; it is what lies around whoever does.
 * Indexes are built after the rows. Returns how long that took, in milliseconds.
 */
export async function fillEvents(superuserUrl: string, events: number): Promise<number> {
  const start = performance.now();
  const hands = await Promise.all(
    Array.from({ length: Math.min(availableParallelism(), MOST_HANDS) }, () =>
      connect(superuserUrl),
    ),
  );
  try {
    for (const hand of hands) await hand.query(SETTINGS);
    const [first] = hands as [Client];
    const { rows: people } = await first.query<{ id: string }>(
      `select id from coffee.people where name like 'person %' order by id desc`,
    );
    const each = Math.round(events / people.length);
    const putBack = await takeAway(first);
    await Promise.all(
      hands.map(async (hand) => {
        for (let one = people.pop(); one !== undefined; one = people.pop())
          await fillOne(hand, one.id, each);
      }),
    );
    for (const statement of putBack) await first.query(statement);
    await first.query('analyze coffee.activity_events');
  } finally {
    for (const hand of hands) await hand.end();
  }
  return performance.now() - start;
}

const SETTINGS = `set session_replication_role = replica; set synchronous_commit = off;
  set maintenance_work_mem = '512MB'; set work_mem = '64MB'; set temp_file_limit = -1`;

/** Indexes and checks; what puts them back, in its order. Rows made here are not checked again. */
async function takeAway(superuser: Client): Promise<string[]> {
  const putBack: string[] = [];
  const { rows: indexes } = await superuser.query<{ name: string; made: string }>(
    `select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as made
     from pg_index i where i.indrelid = 'coffee.activity_events'::regclass and not i.indisprimary`,
  );
  const { rows: rules } = await superuser.query<{ name: string; made: string }>(
    `select quote_ident(conname) as name, pg_get_constraintdef(oid)
       || case contype when 'c' then ' not valid' else '' end as made
     from pg_constraint where conrelid = 'coffee.activity_events'::regclass and contype in ('p', 'c')
     order by contype desc`,
  );
  for (const { name, made } of rules) {
    await superuser.query(`alter table coffee.activity_events drop constraint ${name}`);
    putBack.push(`alter table coffee.activity_events add constraint ${name} ${made}`);
  }
  for (const { name, made } of indexes) {
    await superuser.query(`drop index ${name}`);
    putBack.push(made);
  }
  return putBack;
}

async function fillOne(superuser: Client, person: string, events: number): Promise<void> {
  const machine = randomUUID();
  await superuser.query(
    `insert into coffee.machines (person_id, id, label) values ($1, $2, 'desk')`,
    [person, machine],
  );
  await superuser.query(EVENTS_OF_ONE, [person, machine, events, DAYS]);
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
