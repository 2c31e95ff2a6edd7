-- coffee.activity_events: nobody but the person sees them, managers and daemons included;
-- functions/activity_import.sql writes.
alter table coffee.activity_events enable row level security;
alter table coffee.activity_events force row level security;

grant select, insert, update on coffee.activity_events to coffee_api;
create policy api on coffee.activity_events to coffee_api using (true) with check (true);

grant select on coffee.activity_events to coffee_user;
create policy own on coffee.activity_events for select to coffee_user
  using (person_id = (select priv.me()));
create trigger never_deleted before truncate on coffee.activity_events
  for each statement execute function priv.append_only();
create trigger noted_inserted after insert on coffee.activity_events
  referencing new table as new_rows for each statement execute function priv.note_activity();
create trigger noted_updated after update on coffee.activity_events
  referencing new table as new_rows old table as old_rows
  for each statement execute function priv.note_activity();
