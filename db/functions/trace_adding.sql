-- Rows that are not there yet and of which one event of the batch alone tells, as it tells of them.

create function priv.add_traces(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_item bigint, p_events priv.trace_event[], p_which boolean[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into coffee.traces (project_id, id, name, user_id, session_id, release, version, environment, public,
    tags, metadata, input, output, started_at, seen_at, stamp, daemon_id, attempt_id, item_id)
  select p_project, e.id, e.name, e.user_id, e.session_id, e.release, e.version, e.environment, e.public,
    e.tags, e.metadata, e.input, e.output, e.started_at, e.seen_at, e.stamp, p_daemon, p_attempt, p_item
  from priv.said_of_traces(p_events, p_which) e;
end
$$;

create function priv.add_spans(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_events priv.trace_event[], p_which boolean[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into coffee.spans (project_id, id, trace_id, parent_id, kind, name, level, status_message, version,
    environment, metadata, input, output, started_at, ended_at, seen_at, stamp, daemon_id, attempt_id)
  select p_project, e.id, e.trace_id, e.parent_id, coalesce(e.kind, 'span'), e.name, e.level, e.status_message,
    e.version, e.environment, e.metadata, e.input, e.output, e.started_at, e.ended_at, e.seen_at, e.stamp,
    p_daemon, p_attempt
  from priv.said_of_spans(p_events, p_which) e;
end
$$;

create function priv.add_events(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_events priv.trace_event[], p_which boolean[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into coffee.events (project_id, id, trace_id, parent_id, name, level, status_message, version,
    environment, metadata, input, output, started_at, seen_at, stamp, daemon_id, attempt_id)
  select p_project, e.id, e.trace_id, e.parent_id, e.name, e.level, e.status_message, e.version, e.environment,
    e.metadata, e.input, e.output, e.started_at, e.seen_at, e.stamp, p_daemon, p_attempt
  from priv.said_of_events(p_events, p_which) e;
end
$$;

create function priv.add_generations(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_item bigint, p_events priv.trace_event[], p_which boolean[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  -- A few models have many calls.
  v_models text[] := array(select distinct e.body ->> 'model' from priv.events_of('generations', p_events, p_which) e);
  v_names text[] := array(select priv.model_name(m) from unnest(v_models) m);
begin
  insert into coffee.generations (project_id, id, trace_id, parent_id, kind, name, level, status_message,
    version, environment, metadata, input, output, started_at, completion_started_at, ended_at, model,
    model_parameters, prompt_name, prompt_version, message_id, request_id, fast, usage_details, cost_details,
    seen_at, stamp, model_name, input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
    cache_write_1h_tokens, cost_nanos, pricing_version, daemon_id, attempt_id, item_id)
  select p_project, e.id, e.trace_id, e.parent_id, coalesce(e.kind, 'generation'), e.name, e.level,
    e.status_message, e.version, e.environment, e.metadata, e.input, e.output, e.started_at,
    e.completion_started_at, e.ended_at, e.model, e.model_parameters, e.prompt_name, e.prompt_version,
    e.message_id, e.request_id, e.fast, e.usage_details, e.cost_details, e.seen_at, e.stamp, n.name,
    c.input_tokens, c.output_tokens, c.cache_read_tokens, c.cache_write_5m_tokens, c.cache_write_1h_tokens,
    c.cost_nanos, c.pricing_version, p_daemon, p_attempt, p_item
  from priv.said_of_generations(p_events, p_which) e
  left join unnest(v_models, v_names) n (model, name) using (model)
  cross join lateral priv.priced_call(n.name, coalesce(e.started_at, e.ended_at, e.seen_at), e.usage_details,
    e.cost_details, e.fast) c;
end
$$;
