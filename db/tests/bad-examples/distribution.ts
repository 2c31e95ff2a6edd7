import { bad, type BadExample } from './bad-example';

/** Changes that Citus would refuse for the tables as db/distribution.sql places them. */
export const BAD_DISTRIBUTION: BadExample[] = [
  bad(
    'distribution_missing',
    'a table that nobody placed',
    'create table coffee.diary (id int)',
    /^coffee\.diary: db\/distribution\.sql does not say/,
  ),
  bad(
    'distribution_missing',
    'a name that is no table any more',
    'drop table coffee.team_insights cascade',
    /^coffee\.team_insights: .* is no table/,
  ),
  bad(
    'distribution_key',
    'a key that may be null',
    `alter table coffee.move_changes drop constraint move_changes_pkey;
     alter table coffee.move_changes alter person_id drop not null`,
    /^coffee\.move_changes: its distribution key person_id is a column that may be null/,
  ),
  bad(
    'distribution_key',
    'a key that was renamed',
    'alter table coffee.trace_event_ids rename project_id to project',
    /^coffee\.trace_event_ids: its distribution key project_id is no column of it/,
  ),
  bad(
    'distribution_key',
    'something unique among all people',
    'create unique index usage_line on coffee.usage_records (line_uuid)',
    /^coffee\.usage_line on coffee\.usage_records: does not hold .* person_id/,
  ),
  bad(
    'distribution_key',
    'a unique index over an expression of the key',
    'create unique index usage_line on coffee.usage_records ((person_id::text), line_uuid)',
    /^coffee\.usage_line on coffee\.usage_records:/,
  ),
  bad(
    'distribution_key',
    'an exclusion that does not hold the key',
    'alter table coffee.usage_days add constraint alone exclude using btree (zone with =) where (false)',
    /^coffee\.alone on coffee\.usage_days:/,
  ),
  bad(
    'distribution_foreign_key',
    'one from a distributed to a local table',
    `alter table coffee.traces add notification_id bigint references coffee.notifications on delete restrict`,
    /^traces_notification_id_fkey on coffee\.traces: points from a distributed to a local table/,
  ),
  bad(
    'distribution_foreign_key',
    'one from a table on every node to a distributed one',
    `alter table coffee.attempts add trace_id text, add constraint attempts_trace
       foreign key (project_id, trace_id) references coffee.traces (project_id, id) on delete restrict`,
    /^attempts_trace on coffee\.attempts: points from a reference to a distributed table/,
  ),
  bad(
    'distribution_foreign_key',
    'one between two distributed tables that leaves their keys apart',
    `alter table coffee.published_summaries add day date, add constraint published_day
       foreign key (person_id, day) references coffee.time_days (person_id, day) on delete restrict`,
    /^published_day on coffee\.published_summaries: does not join two distribution keys/,
  ),
  bad(
    'distribution_foreign_key',
    'one from a table on every node that a local one would change',
    `alter table coffee.attempts add step_id bigint references daemon.execution_log on delete cascade`,
    /^attempts_step_id_fkey on coffee\.attempts: changes a reference table/,
  ),
  bad(
    'distribution_foreign_key',
    'one that would empty the key',
    `alter table coffee.day_counts add constraint day_of
       foreign key (person_id) references priv.principals on delete set null`,
    /^day_of on coffee\.day_counts: would change the distribution key/,
  ),
];
