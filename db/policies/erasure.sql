-- What functions/erasure.sql deletes, besides what functions delete anyway.
grant delete on coffee.activity_events, coffee.agent_sessions, coffee.work_folders, coffee.streams,
  coffee.stream_assignments, coffee.phrase_archives, coffee.day_uploads, coffee.import_problems, coffee.machine_cursors,
  coffee.machine_tokens, coffee.move_batches, coffee.publisher_beats to coffee_api;
