-- Where each table would lie on Citus, by hand: what has a row per call or per event is spread over the nodes
-- by its key, what those rows point to or policies look up is on every node (reference), and what grows at
-- human rate stays on the coordinator (local). The lints distribution_* hold it against Citus's rules;
-- docs/scale.md says what else would change. Nothing is applied: here all of it is one Postgres.
select relation, place, distribution_key
from (values
  -- by person: each person's own records, and the sums that their import keeps
  ('coffee.activity_events', 'distributed', 'person_id'),
  ('coffee.agent_sessions', 'distributed', 'person_id'),
  ('coffee.day_counts', 'distributed', 'person_id'),
  ('coffee.day_uploads', 'distributed', 'person_id'),
  ('coffee.import_problems', 'distributed', 'person_id'),
  ('coffee.machine_cursors', 'distributed', 'person_id'),
  ('coffee.message_texts', 'distributed', 'person_id'),
  ('coffee.move_changes', 'distributed', 'person_id'),
  ('coffee.phrase_archives', 'distributed', 'person_id'),
  ('coffee.phrase_records', 'distributed', 'person_id'),
  ('coffee.project_links', 'distributed', 'person_id'),
  ('coffee.publisher_beats', 'distributed', 'person_id'),
  ('coffee.stream_assignments', 'distributed', 'person_id'),
  ('coffee.stream_tags', 'distributed', 'person_id'),
  ('coffee.streams', 'distributed', 'person_id'),
  ('coffee.time_days', 'distributed', 'person_id'),
  ('coffee.time_intervals', 'distributed', 'person_id'),
  ('coffee.usage_buckets', 'distributed', 'person_id'),
  ('coffee.usage_days', 'distributed', 'person_id'),
  ('coffee.usage_records', 'distributed', 'person_id'),
  ('coffee.work_folders', 'distributed', 'person_id'),

  -- by project: traces and their sums
  ('coffee.events', 'distributed', 'project_id'),
  ('coffee.generations', 'distributed', 'project_id'),
  ('coffee.scores', 'distributed', 'project_id'),
  ('coffee.spans', 'distributed', 'project_id'),
  ('coffee.trace_buckets', 'distributed', 'project_id'),
  ('coffee.trace_days', 'distributed', 'project_id'),
  ('coffee.trace_event_ids', 'distributed', 'project_id'),
  ('coffee.traces', 'distributed', 'project_id'),

  -- by team: what a manager's report reads, one team at a time
  ('coffee.published_lines', 'distributed', 'team_id'),
  ('coffee.published_months', 'distributed', 'team_id'),
  ('coffee.published_summaries', 'distributed', 'team_id'),

  -- on every node: what the rows above point to, what prices them, and what decides who reads them
  ('coffee.attempts', 'reference', null),
  ('coffee.machines', 'reference', null), -- a machine's id is unique among all people's
  ('coffee.memberships', 'reference', null),
  ('coffee.move_batches', 'reference', null), -- one batch at a time in a transaction, whoever moves in
  ('coffee.people', 'reference', null),
  ('coffee.phrase_patterns', 'reference', null),
  ('coffee.price_versions', 'reference', null),
  ('coffee.prices', 'reference', null),
  ('coffee.projects', 'reference', null),
  ('coffee.reporting_zones', 'reference', null),
  ('coffee.roadmap_items', 'reference', null),
  ('coffee.teams', 'reference', null),
  ('priv.principals', 'reference', null),

  -- on the coordinator: people's and daemons' moves, secrets, bills, and the trail with its one chain
  ('audit.entries', 'local', null),
  ('audit.erased_payloads', 'local', null),
  ('audit.erasures', 'local', null),
  ('audit.payloads', 'local', null),
  ('audit.sealed', 'local', null),
  ('audit.seals', 'local', null),
  ('audit.unsealed', 'local', null),
  ('coffee.attempt_steps', 'local', null),
  ('coffee.bill_lines', 'local', null),
  ('coffee.billing_settings', 'local', null),
  ('coffee.bills', 'local', null),
  ('coffee.closed_months', 'local', null),
  ('coffee.daemon_status', 'local', null),
  ('coffee.dashboard_sessions', 'local', null),
  ('coffee.granularities', 'local', null),
  ('coffee.machine_tokens', 'local', null),
  ('coffee.notifications', 'local', null),
  ('coffee.phrase_notes', 'local', null),
  ('coffee.project_keys', 'local', null),
  ('coffee.publications', 'local', null),
  ('coffee.rates', 'local', null),
  ('coffee.roadmap_history', 'local', null),
  ('coffee.roadmap_moves', 'local', null),
  ('coffee.slack_interactions', 'local', null),
  ('coffee.slack_links', 'local', null),
  ('coffee.slack_outbox', 'local', null),
  ('coffee.team_insights', 'local', null),
  ('daemon.execution_log', 'local', null),
  ('daemon.task_queue', 'local', null),
  ('priv.acting', 'local', null),
  ('priv.current_truth', 'local', null),
  ('priv.dashboard_links', 'local', null),
  ('priv.insight_people', 'local', null),
  ('priv.migrations', 'local', null),
  ('priv.slack_codes', 'local', null)
) declared (relation, place, distribution_key)
