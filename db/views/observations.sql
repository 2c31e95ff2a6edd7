-- The three kinds of observations as one, for trees and lists. Read with the reader's own rights.
create view analytics.observations with (security_invoker) as
  select g.project_id, g.id, g.trace_id, g.parent_id, upper(g.kind) as type, g.name, g.level, g.status_message,
    g.version, g.environment, g.metadata, g.input, g.output, g.at, g.started_at, g.ended_at,
    g.completion_started_at, g.model, g.model_name, g.model_parameters, g.prompt_name, g.prompt_version,
    g.usage_details, g.input_tokens, g.output_tokens, g.cache_read_tokens, g.cache_write_5m_tokens,
    g.cache_write_1h_tokens, g.cost_details, g.cost_nanos, g.unpriced, g.daemon_id, g.attempt_id,
    g.created_at, g.updated_at
  from coffee.generations g
  union all
  select s.project_id, s.id, s.trace_id, s.parent_id, upper(s.kind), s.name, s.level, s.status_message,
    s.version, s.environment, s.metadata, s.input, s.output, s.at, s.started_at, s.ended_at,
    null, null, null, null, null, null, null, null, null, null, null, null, null, null, false,
    s.daemon_id, s.attempt_id, s.created_at, s.updated_at
  from coffee.spans s
  union all
  select e.project_id, e.id, e.trace_id, e.parent_id, 'EVENT', e.name, e.level, e.status_message,
    e.version, e.environment, e.metadata, e.input, e.output, e.at, e.started_at, null,
    null, null, null, null, null, null, null, null, null, null, null, null, null, null, false,
    e.daemon_id, e.attempt_id, e.created_at, e.updated_at
  from coffee.events e;
comment on view analytics.observations is 'Generations, spans and events; type is as Langfuse calls it.';

grant select on analytics.observations to coffee_user, coffee_daemon;
