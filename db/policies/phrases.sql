-- Phrase counts: for their person alone; functions/phrases.sql and phrase_import.sql write. Their totals
-- without person or machine are views. Records are deleted only into the archive.
alter table coffee.phrase_patterns enable row level security;
alter table coffee.phrase_patterns force row level security;
alter table coffee.phrase_notes enable row level security;
alter table coffee.phrase_notes force row level security;
alter table coffee.phrase_records enable row level security;
alter table coffee.phrase_records force row level security;
alter table coffee.phrase_archives enable row level security;
alter table coffee.phrase_archives force row level security;
alter table coffee.day_counts enable row level security;
alter table coffee.day_counts force row level security;
alter table coffee.day_uploads enable row level security;
alter table coffee.day_uploads force row level security;

grant select, insert, update on coffee.phrase_patterns, coffee.day_uploads, coffee.phrase_archives
  to coffee_api;
grant select, insert, delete on coffee.phrase_notes to coffee_api;
grant select, insert, update, delete on coffee.phrase_records, coffee.day_counts to coffee_api;
create policy api on coffee.phrase_patterns to coffee_api using (true) with check (true);
create policy api on coffee.phrase_notes to coffee_api using (true) with check (true);
create policy api on coffee.phrase_records to coffee_api using (true) with check (true);
create policy api on coffee.phrase_archives to coffee_api using (true) with check (true);
create policy api on coffee.day_counts to coffee_api using (true) with check (true);
create policy api on coffee.day_uploads to coffee_api using (true) with check (true);

grant select on coffee.phrase_patterns, coffee.phrase_notes, coffee.phrase_records, coffee.phrase_archives,
  coffee.day_counts, coffee.day_uploads to coffee_user;
create policy everybody on coffee.phrase_patterns for select to coffee_user
  using ((select priv.me()) is not null);
create policy everybody on coffee.phrase_notes for select to coffee_user
  using ((select priv.me()) is not null);
create policy own on coffee.phrase_records for select to coffee_user
  using (person_id = (select priv.me()));
create policy own on coffee.phrase_archives for select to coffee_user
  using (person_id = (select priv.me()));
create policy own on coffee.day_counts for select to coffee_user
  using (person_id = (select priv.me()));
create policy own on coffee.day_uploads for select to coffee_user
  using (person_id = (select priv.me()));

create trigger count_inserted after insert on coffee.phrase_records
  referencing new table as new_rows for each statement execute function priv.count_phrases();
create trigger count_updated after update on coffee.phrase_records
  referencing new table as new_rows old table as old_rows
  for each statement execute function priv.count_phrases();
create trigger never_truncated before truncate on coffee.phrase_records
  for each statement execute function priv.append_only();
