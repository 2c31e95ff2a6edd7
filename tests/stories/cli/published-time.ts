import { query } from '../../support/database';
import type { Person } from './team';

/** The month before last: closed, whenever this runs, and within what is published by itself. */
export const month = new Date(
  Date.UTC(new Date().getUTCFullYear(), new Date().getUTCMonth() - 2, 1),
)
  .toISOString()
  .slice(0, 7);
const MACHINE = '11111111-1111-4111-8111-111111111111';

export const ok = async (person: Person, ...args: string[]): Promise<string> => {
  const { code, stdout, stderr } = await person.cli.run(args);
  // A slow machine is told about.
  const said = stderr.replace(
    /^(connecting to the database|sending|computing working time|printing).*\n/gm,
    '',
  );
  expect([args.join(' '), code, said]).toEqual([args.join(' '), 0, '']);
  return stdout;
};
export const both = (person: Person, ...args: string[]): Promise<[string, string]> =>
  Promise.all([ok(person, ...args), ok(person, ...args)]);

/** Credited time as the allocation leaves it: two folders, a timer, an agent. */
export async function work(
  database: string,
  person: string,
  days: number[],
  minutes: number,
  later = 0,
  of = month,
): Promise<void> {
  await query(
    database,
    `with place (id, place) as (values (1, '/home/bea/shop'), (2, '/home/bea/private'))
     insert into coffee.streams (person_id, id, machine_id, place, place_key, name)
     select $1, id, $2, place, md5(place)::uuid, split_part(place, '/', 4) from place
     on conflict do nothing`,
    [person, MACHINE],
  );
  await query(
    database,
    `insert into coffee.time_days (person_id, day, has_events, computed_version)
     select $1, ($2 || '-' || lpad(d::text, 2, '0'))::date, true, 1 from unnest($3::int[]) d
     on conflict do nothing`,
    [person, of, days],
  );
  await query(
    database,
    `insert into coffee.time_intervals (person_id, day, n, credited_by, starts_at, ends_at, stream_id, issue, machine_id, session_id)
     select $1, t.day, coalesce((select max(i.n) from coffee.time_intervals i where i.person_id = $1 and i.day = t.day), 0) + v.n,
       v.credited_by, (t.day + (v.at + $6::int) * interval '1 minute') at time zone 'UTC',
       (t.day + (v.at + $6::int + v.minutes) * interval '1 minute') at time zone 'UTC', v.stream, v.issue, $2, v.session
     from (select ($3 || '-' || lpad(d::text, 2, '0'))::date as day from unnest($4::int[]) d) t
     cross join (values (1, 'focus', 540, $5::int, 1, null, null), (2, 'timer', 720, 20, 1, 'local:7', null),
       (3, 'focus', 800, 60, 2, null, null), (4, 'agent', 540, 90, 1, null, 'session-of-bea'))
       v (n, credited_by, at, minutes, stream, issue, session)`,
    [person, MACHINE, of, days, minutes, later],
  );
}

export const join = (database: string, name: string): Promise<unknown> =>
  query(
    database,
    `insert into coffee.memberships (team_id, member_id)
     select t.id, p.id from coffee.teams t, coffee.people p where p.name = $1 on conflict do nothing`,
    [name],
  );
