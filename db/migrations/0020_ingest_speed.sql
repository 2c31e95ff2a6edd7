-- What reading an event finds out once, so that nothing reads it again.
alter type priv.trace_event
  add attribute said_at timestamptz,
  add attribute started_at timestamptz,
  add attribute ended_at timestamptz,
  add attribute completion_started_at timestamptz,
  add attribute status text,
  add attribute again boolean;
comment on type priv.trace_event is 'One event of a batch, read. problem says why it is refused, status what became of it; again: its row is there already, or another event of the batch is about it.';

-- A foreign key is looked up for each row, up to five for a row of these. All rows of a batch name the same
-- parents, which are checked and locked once, by priv.ingest_events; policies/reported.sql keeps them.
alter table coffee.traces
  drop constraint traces_project_id_fkey, drop constraint traces_daemon_id_fkey,
  drop constraint traces_attempt_id_fkey, drop constraint traces_item_id_fkey;
alter table coffee.generations
  drop constraint generations_project_id_fkey, drop constraint generations_daemon_id_fkey,
  drop constraint generations_attempt_id_fkey, drop constraint generations_item_id_fkey,
  drop constraint generations_pricing_version_fkey;
alter table coffee.spans
  drop constraint spans_project_id_fkey, drop constraint spans_daemon_id_fkey, drop constraint spans_attempt_id_fkey;
alter table coffee.events
  drop constraint events_project_id_fkey, drop constraint events_daemon_id_fkey, drop constraint events_attempt_id_fkey;
alter table coffee.scores
  drop constraint scores_project_id_fkey, drop constraint scores_daemon_id_fkey, drop constraint scores_attempt_id_fkey;
alter table coffee.trace_event_ids drop constraint trace_event_ids_project_id_fkey;
