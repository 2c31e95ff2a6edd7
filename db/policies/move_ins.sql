-- coffee.move_batches and move_changes: each person's own; functions/move_ins.sql writes. Nobody reads the
-- journal: whatever is in it its person sees where it belongs, or saw it there.
alter table coffee.move_batches enable row level security;
alter table coffee.move_batches force row level security;
alter table coffee.move_changes enable row level security;
alter table coffee.move_changes force row level security;

grant select, insert, update on coffee.move_batches to coffee_api;
-- Deleted when the batch is rolled back.
grant select, insert, delete on coffee.move_changes to coffee_api;
create policy api on coffee.move_batches to coffee_api using (true) with check (true);
create policy api on coffee.move_changes to coffee_api using (true) with check (true);

grant select (person_id, id, kind, source, moved_at, rolled_back_at, summary) on coffee.move_batches to coffee_user;
create policy own on coffee.move_batches for select to coffee_user
  using (person_id = (select priv.me()));

-- To take back what a batch brought.
grant delete on coffee.day_uploads, coffee.import_problems, coffee.activity_events, coffee.agent_sessions,
  coffee.work_folders, coffee.streams, coffee.stream_assignments, coffee.traces, coffee.generations, coffee.spans,
  coffee.events, coffee.scores, coffee.notifications, coffee.roadmap_items to coffee_api;

create trigger journal_inserted after insert on coffee.day_uploads
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.day_uploads
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.usage_records
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.usage_records
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_deleted after delete on coffee.usage_records
  referencing old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.import_problems
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.import_problems
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.machines
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.machines
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_deleted after delete on coffee.machines
  referencing old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.activity_events
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.activity_events
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.agent_sessions
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.agent_sessions
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.work_folders
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.work_folders
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.streams
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.streams
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.stream_assignments
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.stream_assignments
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.traces
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.traces
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.generations
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.generations
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.spans
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.spans
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.events
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.events
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.scores
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.scores
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.stream_tags
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.trace_event_ids
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.notifications
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.notifications
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
create trigger journal_inserted after insert on coffee.roadmap_items
  referencing new table as new_rows for each statement execute function priv.journal_move();
create trigger journal_updated after update on coffee.roadmap_items
  referencing new table as new_rows old table as old_rows for each statement execute function priv.journal_move();
-- Of a project only this; the rest of it no move changes.
create trigger journal_preamble after update of roadmap_preamble on coffee.projects
  for each row when (old.roadmap_preamble is distinct from new.roadmap_preamble)
  execute function priv.journal_preamble();
