-- As in trace_merge.sql, and what the call cost: what its reporter says, else by the price list, else unknown.

create function priv.merge_generations(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_item bigint, p_events priv.trace_event[],
  p_status text[], p_again boolean[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
begin
  with incoming as (
    select e.id, e.body ->> 'traceId' as trace_id, e.body ->> 'parentObservationId' as parent_id, e.kind as kind,
      e.body ->> 'name' as name, e.body ->> 'level' as level, e.body ->> 'statusMessage' as status_message,
      e.body ->> 'version' as version, e.body ->> 'environment' as environment,
      priv.metadata_of(e.body) as metadata, nullif(e.body -> 'input', 'null') as input,
      nullif(e.body -> 'output', 'null') as output, e.started_at,
      e.completion_started_at,
      e.ended_at, e.body ->> 'model' as model,
      nullif(e.body -> 'modelParameters', 'null') as model_parameters, e.body ->> 'promptName' as prompt_name,
      e.body ->> 'promptVersion' as prompt_version,
      coalesce(e.body ->> 'messageId', left(e.body #>> '{metadata,message_id}', 200)) as message_id,
      coalesce(e.body ->> 'requestId', left(e.body #>> '{metadata,request_id}', 200)) as request_id,
      case when 'fast' in (e.body #>> '{modelParameters,speed}', e.body #>> '{metadata,speed}') then true end as fast,
      priv.usage_object(e.body) as usage_details, priv.cost_object(e.body) as cost_details, e.seen_at,
      e.stamp, e.again
    from priv.accepted('generations', p_events, p_status, p_again) e
  ), existing as (
    select t.* from coffee.generations t where t.project_id = p_project and t.id in (select i.id from incoming i where i.again)
  ), sources as (
    select i.id, to_jsonb(i) - '{seen_at,stamp,again}'::text[] as document, i.stamp,
      null::jsonb as stamps, i.seen_at
    from incoming i where i.again
    union all
    select x.id, to_jsonb(x) - '{project_id,seen_at,at,daemon_id,attempt_id,stamp,stamps,created_at,updated_at,item_id,model_name,input_tokens,output_tokens,cache_read_tokens,cache_write_5m_tokens,cache_write_1h_tokens,cost_nanos,pricing_version,unpriced}'::text[]
        - case x.kind when 'generation' then 'kind' else '' end,
      x.stamp, x.stamps, x.seen_at
    from existing x
  ), folded as (
    select f.*
    from (
      select array_agg(s.id) as ids, array_agg(s.document) as documents, array_agg(s.stamp) as stamps,
        array_agg(s.stamps) as exceptions, array_agg(s.seen_at) as seen_at
      from sources s
    ) a
    cross join lateral priv.fold_documents(a.ids, a.documents, a.stamps, a.exceptions, a.seen_at) f
    where a.ids is not null
  ), final as (
    select i.id, i.trace_id, i.parent_id, i.kind, i.name, i.level, i.status_message, i.version, i.environment,
      i.metadata, i.input, i.output, i.started_at, i.completion_started_at, i.ended_at, i.model,
      i.model_parameters, i.prompt_name, i.prompt_version, i.message_id, i.request_id, i.fast,
      i.usage_details, i.cost_details, i.seen_at, i.stamp, null::jsonb as stamps
    from incoming i where not i.again
    union all
    select r.id, r.trace_id, r.parent_id, r.kind, r.name, r.level, r.status_message, r.version, r.environment,
      r.metadata, r.input, r.output, r.started_at, r.completion_started_at, r.ended_at, r.model,
      r.model_parameters, r.prompt_name, r.prompt_version, r.message_id, r.request_id, r.fast,
      r.usage_details, r.cost_details, f.seen_at, f.stamp, f.exceptions
    from folded f
    cross join lateral jsonb_populate_record(null::coffee.generations, f.document) r
  ), counted as (
    select f.*, n.name as model_name, c.*
    from final f
    -- A few models have many calls.
    left join (select d.model, priv.model_name(d.model) as name from (select distinct model from final) d) n
      using (model)
    cross join lateral (select * from priv.usage_parts(f.usage_details) offset 0) u
    -- Each once: what a value is made of would be worked out again wherever it is mentioned.
    cross join lateral (
      select case when f.cost_details is not null then priv.cost_usd(f.cost_details) end as usd,
        priv.token_count(u.input) as input_tokens, priv.token_count(u.output) as output_tokens,
        priv.token_count(u.cache_read) as cache_read_tokens,
        -- One count without its parts is of the kind that is usual, for 5 minutes.
        case when u.cache_write_5m is not null then priv.token_count(u.cache_write_5m)
          else greatest(priv.token_count(u.cache_write) - priv.token_count(u.cache_write_1h), 0)
        end as cache_write_5m_tokens,
        priv.token_count(u.cache_write_1h) as cache_write_1h_tokens
      offset 0
    ) c
  ), priced as materialized (
    select c.*, p.version as price_version, case when c.usd is not null then round(c.usd * 1000000000)::bigint
      else priv.cost_nanos(p, c.input_tokens, c.output_tokens, c.cache_read_tokens,
        c.cache_write_5m_tokens, c.cache_write_1h_tokens, c.fast) end as cost_nanos
    from counted c
    left join lateral priv.price_row(c.model_name, coalesce(c.started_at, c.ended_at, c.seen_at),
      c.input_tokens + c.cache_read_tokens + c.cache_write_5m_tokens + c.cache_write_1h_tokens) p
      on c.usd is null and c.input_tokens + c.output_tokens + c.cache_read_tokens
        + c.cache_write_5m_tokens + c.cache_write_1h_tokens > 0
  )
  insert into coffee.generations as t (project_id, id, trace_id, parent_id, kind, name, level, status_message, version, environment, metadata,
    input, output, started_at, completion_started_at, ended_at, model, model_parameters, prompt_name,
    prompt_version, message_id, request_id, fast, usage_details, cost_details, seen_at, model_name,
    input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens, cost_nanos,
    pricing_version, daemon_id, attempt_id, item_id, stamp, stamps)
  select p_project, f.id, f.trace_id, f.parent_id, coalesce(f.kind, 'generation'), f.name, f.level,
    f.status_message, f.version, f.environment, f.metadata, f.input, f.output, f.started_at,
    f.completion_started_at, f.ended_at, f.model, f.model_parameters, f.prompt_name, f.prompt_version,
    f.message_id, f.request_id, f.fast, f.usage_details, f.cost_details, f.seen_at, f.model_name,
    f.input_tokens, f.output_tokens, f.cache_read_tokens, f.cache_write_5m_tokens, f.cache_write_1h_tokens,
    f.cost_nanos, case when f.usd is null and f.cost_nanos is not null then f.price_version end, p_daemon,
    p_attempt, p_item, f.stamp, f.stamps
  from priced f
  on conflict (project_id, id) do update set trace_id = excluded.trace_id, parent_id = excluded.parent_id, kind = excluded.kind, name = excluded.name,
    level = excluded.level, status_message = excluded.status_message, version = excluded.version,
    environment = excluded.environment, metadata = excluded.metadata, input = excluded.input,
    output = excluded.output, started_at = excluded.started_at,
    completion_started_at = excluded.completion_started_at, ended_at = excluded.ended_at,
    model = excluded.model, model_parameters = excluded.model_parameters, prompt_name = excluded.prompt_name,
    prompt_version = excluded.prompt_version, message_id = excluded.message_id,
    request_id = excluded.request_id, fast = excluded.fast, usage_details = excluded.usage_details,
    cost_details = excluded.cost_details, seen_at = excluded.seen_at, model_name = excluded.model_name,
    input_tokens = excluded.input_tokens, output_tokens = excluded.output_tokens,
    cache_read_tokens = excluded.cache_read_tokens, cache_write_5m_tokens = excluded.cache_write_5m_tokens,
    cache_write_1h_tokens = excluded.cache_write_1h_tokens, cost_nanos = excluded.cost_nanos,
    pricing_version = excluded.pricing_version, stamp = excluded.stamp, stamps = excluded.stamps,
    updated_at = clock_timestamp();
end
$$;
