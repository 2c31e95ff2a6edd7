-- As in trace_merge.sql, and what the call cost.

create function priv.merge_generations(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_item bigint, p_events priv.trace_event[], p_which boolean[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set enable_sort = off as $$
begin
  with incoming as (
    select * from priv.said_of_generations(p_events, p_which)
  ), sources as (
    select i.id, to_jsonb(i) - '{seen_at,stamp}'::text[] as document, i.stamp, null::jsonb as stamps, i.seen_at
    from incoming i
    union all
    select x.id, to_jsonb(x) - '{project_id,seen_at,at,daemon_id,attempt_id,stamp,stamps,created_at,updated_at,item_id,model_name,input_tokens,output_tokens,cache_read_tokens,cache_write_5m_tokens,cache_write_1h_tokens,cost_nanos,pricing_version,unpriced}'::text[]
        - case x.kind when 'generation' then 'kind' else '' end,
      x.stamp, x.stamps, x.seen_at
    from (select distinct i.id from incoming i) i
    cross join lateral (
      select r.* from coffee.generations r where r.project_id = p_project and r.id >= i.id order by r.id limit 1) x
    where x.id = i.id
  ), folded as (
    select r.*, f.seen_at as first_seen_at, f.stamp as lowest, f.exceptions
    from (
      select array_agg(s.id) as ids, array_agg(s.document) as documents, array_agg(s.stamp) as stamps,
        array_agg(s.stamps) as exceptions, array_agg(s.seen_at) as seen_at
      from sources s
    ) a
    cross join lateral priv.fold_documents(a.ids, a.documents, a.stamps, a.exceptions, a.seen_at) f
    cross join lateral jsonb_populate_record(null::coffee.generations, f.document) r
    where a.ids is not null
  )
  insert into coffee.generations as t (project_id, id, trace_id, parent_id, kind, name, level, status_message,
    version, environment, metadata, input, output, started_at, completion_started_at, ended_at, model,
    model_parameters, prompt_name, prompt_version, message_id, request_id, fast, usage_details, cost_details,
    seen_at, model_name, input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens,
    cache_write_1h_tokens, cost_nanos, pricing_version, daemon_id, attempt_id, item_id, stamp, stamps)
  select p_project, r.id, r.trace_id, r.parent_id, coalesce(r.kind, 'generation'), r.name, r.level,
    r.status_message, r.version, r.environment, r.metadata, r.input, r.output, r.started_at,
    r.completion_started_at, r.ended_at, r.model, r.model_parameters, r.prompt_name, r.prompt_version,
    r.message_id, r.request_id, r.fast, r.usage_details, r.cost_details, r.first_seen_at, n.name,
    c.input_tokens, c.output_tokens, c.cache_read_tokens, c.cache_write_5m_tokens, c.cache_write_1h_tokens,
    c.cost_nanos, c.pricing_version, p_daemon, p_attempt, p_item, r.lowest, r.exceptions
  from folded r
  left join (select d.model, priv.model_name(d.model) as name from (select distinct g.model from folded g) d) n
    using (model)
  cross join lateral priv.priced_call(n.name, coalesce(r.started_at, r.ended_at, r.first_seen_at),
    r.usage_details, r.cost_details, r.fast) c
  on conflict (project_id, id) do update set trace_id = excluded.trace_id, parent_id = excluded.parent_id,
    kind = excluded.kind, name = excluded.name, level = excluded.level,
    status_message = excluded.status_message, version = excluded.version, environment = excluded.environment,
    metadata = excluded.metadata, input = excluded.input, output = excluded.output,
    started_at = excluded.started_at, completion_started_at = excluded.completion_started_at,
    ended_at = excluded.ended_at, model = excluded.model, model_parameters = excluded.model_parameters,
    prompt_name = excluded.prompt_name, prompt_version = excluded.prompt_version,
    message_id = excluded.message_id, request_id = excluded.request_id, fast = excluded.fast,
    usage_details = excluded.usage_details, cost_details = excluded.cost_details, seen_at = excluded.seen_at,
    model_name = excluded.model_name, input_tokens = excluded.input_tokens,
    output_tokens = excluded.output_tokens, cache_read_tokens = excluded.cache_read_tokens,
    cache_write_5m_tokens = excluded.cache_write_5m_tokens,
    cache_write_1h_tokens = excluded.cache_write_1h_tokens, cost_nanos = excluded.cost_nanos,
    pricing_version = excluded.pricing_version, stamp = excluded.stamp, stamps = excluded.stamps,
    updated_at = clock_timestamp();
end
$$;
