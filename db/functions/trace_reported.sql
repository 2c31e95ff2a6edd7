-- What the events of a batch say, one row an event, for each kind of row. Written into the queries that ask.
-- p_which: by the batch's order, the events that are asked for.

create function priv.events_of(p_target text, p_events priv.trace_event[], p_which boolean[])
returns table (id text, kind text, stamp bigint, seen_at timestamptz, body jsonb, said_at timestamptz,
  started_at timestamptz, ended_at timestamptz, completion_started_at timestamptz)
language sql immutable parallel safe
begin atomic
  select e.id, e.kind, e.stamp, e.seen_at, e.body, e.said_at, e.started_at, e.ended_at, e.completion_started_at
  from unnest(p_events, p_which) e (position, event_id, event, target, kind, id, stamp, seen_at, body, problem,
    said_at, started_at, ended_at, completion_started_at, asked)
  where e.target = p_target and e.asked;
end;

create function priv.said_of_traces(p_events priv.trace_event[], p_which boolean[])
returns table (id text, name text, user_id text, session_id text, release text, version text, environment text,
  public boolean, tags text[], metadata jsonb, input jsonb, output jsonb, started_at timestamptz,
  seen_at timestamptz, stamp bigint)
language sql stable parallel safe
begin atomic
  select e.id, e.body ->> 'name', e.body ->> 'userId', e.body ->> 'sessionId', e.body ->> 'release',
    e.body ->> 'version', e.body ->> 'environment',
    case when jsonb_typeof(e.body -> 'public') = 'boolean' then (e.body -> 'public')::boolean end,
    case when jsonb_typeof(e.body -> 'tags') = 'array' then (
      select array_agg(distinct t order by t) from jsonb_array_elements_text(e.body -> 'tags') t) end,
    priv.metadata_of(e.body), nullif(e.body -> 'input', 'null'), nullif(e.body -> 'output', 'null'),
    e.said_at, e.seen_at, e.stamp
  from priv.events_of('traces', p_events, p_which) e;
end;

create function priv.said_of_spans(p_events priv.trace_event[], p_which boolean[])
returns table (id text, trace_id text, parent_id text, kind text, name text, level text, status_message text,
  version text, environment text, metadata jsonb, input jsonb, output jsonb, started_at timestamptz,
  ended_at timestamptz, seen_at timestamptz, stamp bigint)
language sql stable parallel safe
begin atomic
  select e.id, e.body ->> 'traceId', e.body ->> 'parentObservationId', e.kind, e.body ->> 'name',
    e.body ->> 'level', e.body ->> 'statusMessage', e.body ->> 'version', e.body ->> 'environment',
    priv.metadata_of(e.body), nullif(e.body -> 'input', 'null'), nullif(e.body -> 'output', 'null'),
    e.started_at, e.ended_at, e.seen_at, e.stamp
  from priv.events_of('spans', p_events, p_which) e;
end;

create function priv.said_of_events(p_events priv.trace_event[], p_which boolean[])
returns table (id text, trace_id text, parent_id text, name text, level text, status_message text, version text,
  environment text, metadata jsonb, input jsonb, output jsonb, started_at timestamptz, seen_at timestamptz,
  stamp bigint)
language sql stable parallel safe
begin atomic
  select e.id, e.body ->> 'traceId', e.body ->> 'parentObservationId', e.body ->> 'name', e.body ->> 'level',
    e.body ->> 'statusMessage', e.body ->> 'version', e.body ->> 'environment', priv.metadata_of(e.body),
    nullif(e.body -> 'input', 'null'), nullif(e.body -> 'output', 'null'), e.started_at, e.seen_at, e.stamp
  from priv.events_of('events', p_events, p_which) e;
end;

create function priv.said_of_generations(p_events priv.trace_event[], p_which boolean[])
returns table (id text, trace_id text, parent_id text, kind text, name text, level text, status_message text,
  version text, environment text, metadata jsonb, input jsonb, output jsonb, started_at timestamptz,
  completion_started_at timestamptz, ended_at timestamptz, model text, model_parameters jsonb, prompt_name text,
  prompt_version text, message_id text, request_id text, fast boolean, usage_details jsonb, cost_details jsonb,
  seen_at timestamptz, stamp bigint)
language sql stable parallel safe
begin atomic
  select e.id, e.body ->> 'traceId', e.body ->> 'parentObservationId', e.kind, e.body ->> 'name',
    e.body ->> 'level', e.body ->> 'statusMessage', e.body ->> 'version', e.body ->> 'environment',
    priv.metadata_of(e.body), nullif(e.body -> 'input', 'null'), nullif(e.body -> 'output', 'null'),
    e.started_at, e.completion_started_at, e.ended_at, e.body ->> 'model',
    nullif(e.body -> 'modelParameters', 'null'), e.body ->> 'promptName', e.body ->> 'promptVersion',
    coalesce(e.body ->> 'messageId', left(e.body #>> '{metadata,message_id}', 200)),
    coalesce(e.body ->> 'requestId', left(e.body #>> '{metadata,request_id}', 200)),
    case when 'fast' in (e.body #>> '{modelParameters,speed}', e.body #>> '{metadata,speed}') then true end,
    priv.usage_object(e.body), priv.cost_object(e.body), e.seen_at, e.stamp
  from priv.events_of('generations', p_events, p_which) e
  -- Written out where it is read, a value would be worked out again wherever it is mentioned.
  offset 0;
end;

-- What a call used, and what it cost: what its reporter says, else by the price list, else unknown.
-- p_name: the model's, as the price list has it.
create function priv.priced_call(
  p_name text, p_at timestamptz, p_usage jsonb, p_costs jsonb, p_fast boolean)
returns table (input_tokens bigint, output_tokens bigint, cache_read_tokens bigint, cache_write_5m_tokens bigint,
  cache_write_1h_tokens bigint, cost_nanos bigint, pricing_version integer)
language sql stable parallel safe
begin atomic
  select c.input_tokens, c.output_tokens, c.cache_read_tokens, c.cache_write_5m_tokens, c.cache_write_1h_tokens,
    k.nanos, case when c.usd is null and k.nanos is not null then p.version end
  from (select * from priv.usage_parts(p_usage) offset 0) u
  cross join lateral (
    select case when p_costs is not null then priv.cost_usd(p_costs) end as usd,
      priv.token_count(u.input) as input_tokens, priv.token_count(u.output) as output_tokens,
      priv.token_count(u.cache_read) as cache_read_tokens,
      -- One count without its parts is of the kind that is usual, for 5 minutes.
      case when u.cache_write_5m is not null then priv.token_count(u.cache_write_5m)
        else greatest(priv.token_count(u.cache_write) - priv.token_count(u.cache_write_1h), 0)
      end as cache_write_5m_tokens,
      priv.token_count(u.cache_write_1h) as cache_write_1h_tokens
    offset 0
  ) c
  left join lateral priv.price_row(p_name, p_at,
    c.input_tokens + c.cache_read_tokens + c.cache_write_5m_tokens + c.cache_write_1h_tokens) p
    on c.usd is null and c.input_tokens + c.output_tokens + c.cache_read_tokens
      + c.cache_write_5m_tokens + c.cache_write_1h_tokens > 0
  cross join lateral (
    select case when c.usd is not null then round(c.usd * 1000000000)::bigint
      else priv.cost_nanos(p, c.input_tokens, c.output_tokens, c.cache_read_tokens,
        c.cache_write_5m_tokens, c.cache_write_1h_tokens, p_fast) end as nanos
    offset 0
  ) k;
end;
