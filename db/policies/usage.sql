-- The ledger and its sums: for their person alone; functions/usage_import.sql writes, and the triggers
-- of functions/usage_rollups.sql keep the sums. Totals of a team are views. Nobody deletes by hand: a
-- side chain's copy goes when the call itself arrives, and sums of nothing go.
alter table coffee.usage_records enable row level security;
alter table coffee.usage_records force row level security;
alter table coffee.usage_buckets enable row level security;
alter table coffee.usage_buckets force row level security;
alter table coffee.usage_days enable row level security;
alter table coffee.usage_days force row level security;
alter table coffee.reporting_zones enable row level security;
alter table coffee.reporting_zones force row level security;

grant select, insert, update, delete on coffee.usage_records, coffee.usage_buckets, coffee.usage_days
  to coffee_api;
grant select, insert on coffee.reporting_zones to coffee_api;
create policy api on coffee.usage_records to coffee_api using (true) with check (true);
create policy api on coffee.usage_buckets to coffee_api using (true) with check (true);
create policy api on coffee.usage_days to coffee_api using (true) with check (true);
create policy api on coffee.reporting_zones to coffee_api using (true) with check (true);

grant select on coffee.usage_records, coffee.usage_buckets, coffee.usage_days, coffee.reporting_zones
  to coffee_user, coffee_daemon;
create policy own on coffee.usage_records for select to coffee_user, coffee_daemon
  using (person_id = (select priv.me()));
create policy own on coffee.usage_buckets for select to coffee_user, coffee_daemon
  using (person_id = (select priv.me()));
create policy own on coffee.usage_days for select to coffee_user, coffee_daemon
  using (person_id = (select priv.me()));
create policy everybody on coffee.reporting_zones for select to coffee_user, coffee_daemon
  using ((select priv.me()) is not null);

create trigger roll_up_inserted after insert on coffee.usage_records
  referencing new table as new_rows for each statement execute function priv.roll_up_usage();
create trigger roll_up_updated after update on coffee.usage_records
  referencing new table as new_rows old table as old_rows
  for each statement execute function priv.roll_up_usage();
create trigger roll_up_deleted after delete on coffee.usage_records
  referencing old table as old_rows for each statement execute function priv.roll_up_usage();
create trigger never_truncated before truncate on coffee.usage_records
  for each statement execute function priv.append_only();
