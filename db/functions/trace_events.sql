-- Reading a batch of events as the Langfuse SDKs send them: [{id, type, timestamp, body}]. What is
-- wrong with one of them is that one's problem; the rest goes on.

-- ISO 8601 with a zone, from 1970 to 2099; not the 30th of February.
create function priv.moment_pattern() returns text
language sql immutable parallel safe
return '(?:(?:(?:19[7-9]\d|20\d\d)-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)'
  || '|02-(?:0[1-9]|1\d|2[0-8]))|(?:19(?:72|76|8[048]|9[26])|20(?:[02468][048]|[13579][26]))-02-29)'
  || '[T ](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d))';

-- Null for what is none.
create function priv.moment(p_text text) returns timestamptz
language sql stable parallel safe
return case when p_text ~ ('^' || priv.moment_pattern() || '$') then p_text::timestamptz end;

-- Whether all that a batch says where a moment should be is one. A regular expression that is begun for each
-- of them costs several times as much; the count keeps one value from posing as two.
create function priv.all_moments(p_batch jsonb) returns boolean
language sql immutable parallel safe
begin atomic
  select s.lines ~ ('^(?:' || priv.moment_pattern() || E'\n)*$')
    and length(s.lines) - length(replace(s.lines, E'\n', '')) = s.count
  from (
    select string_agg(concat(m.a || E'\n', m.b || E'\n', m.c || E'\n', m.d || E'\n', m.e || E'\n'), '') as lines,
      sum(num_nonnulls(m.a, m.b, m.c, m.d, m.e)) as count
    from (
      select b ->> 'timestamp' as a, b -> 'body' ->> 'timestamp' as b, b -> 'body' ->> 'startTime' as c,
        b -> 'body' ->> 'endTime' as d, b -> 'body' ->> 'completionStartTime' as e
      from jsonb_array_elements(p_batch) b offset 0
    ) m
  ) s;
end;

-- A count of tokens: 0 where there is none, -1 for what cannot be one.
create function priv.token_count(p_value jsonb) returns bigint
language sql immutable parallel safe
return case
  when p_value is null or p_value = 'null' then 0
  when jsonb_typeof(p_value) <> 'number' then -1
  when p_value::numeric between 0 and 100000000 and p_value::numeric = trunc(p_value::numeric) then p_value::bigint
  else -1 end;

-- The five counts of a usage object, under any of the names that SDKs give them; null where absent.
create function priv.usage_parts(p_usage jsonb)
returns table (
  input jsonb, output jsonb, cache_read jsonb, cache_write_5m jsonb, cache_write_1h jsonb, cache_write jsonb)
language sql immutable parallel safe
begin atomic
  select
    coalesce(p_usage -> 'input', p_usage -> 'input_tokens', p_usage -> 'prompt_tokens', p_usage -> 'promptTokens'),
    coalesce(p_usage -> 'output', p_usage -> 'output_tokens', p_usage -> 'completion_tokens', p_usage -> 'completionTokens'),
    coalesce(p_usage -> 'cache_read', p_usage -> 'cache_read_input_tokens', p_usage -> 'input_cache_read', p_usage -> 'input_cached_tokens'),
    coalesce(p_usage -> 'cache_write_5m', p_usage -> 'ephemeral_5m_input_tokens', p_usage -> 'input_cache_creation_5m'),
    coalesce(p_usage -> 'cache_write_1h', p_usage -> 'ephemeral_1h_input_tokens', p_usage -> 'input_cache_creation_1h'),
    coalesce(p_usage -> 'cache_write', p_usage -> 'cache_creation_input_tokens', p_usage -> 'input_cache_creation');
end;

-- USD, in all: the total that was given, else the sum of what was; null for none and for what is no cost.
create function priv.cost_usd(p_costs jsonb) returns numeric
language plpgsql immutable parallel safe set search_path = pg_catalog, pg_temp as $$
declare
  v_sum numeric;
begin
  if p_costs is null or p_costs = '{}' then
    return null;
  end if;
  if jsonb_typeof(p_costs) <> 'object' then
    return 'NaN';
  end if;
  -- As nearly always: a total among numbers. Strict, because a filter would look into a list otherwise.
  if jsonb_typeof(p_costs -> 'total') = 'number'
    and not jsonb_path_exists(p_costs, 'strict $.* ? (@.type() != "number" && @.type() != "null")') then
    v_sum := (p_costs ->> 'total')::numeric;
    return case when v_sum between 0 and 100000 then v_sum else 'NaN' end;
  end if;
  select case
    when bool_or(c.value <> 'null' and c.usd is null) then 'NaN'
    when bool_or(c.key = 'total' and c.usd is not null) then max(c.usd) filter (where c.key = 'total')
    else sum(c.usd) end
  into v_sum
  from (
    select j.key, j.value, case when jsonb_typeof(j.value) = 'number' then (j.value #>> '{}')::numeric end as usd
    from jsonb_each(p_costs) j
  ) c;
  return case when v_sum between 0 and 100000 then v_sum when v_sum is null then null else 'NaN' end;
end
$$;

create function priv.cost_object(p_body jsonb) returns jsonb
language sql stable parallel safe
return case
  when p_body -> 'costDetails' is not null and p_body -> 'costDetails' not in ('null', '{}') then p_body -> 'costDetails'
  when jsonb_typeof(p_body #> '{usage,totalCost}') = 'number'
    then jsonb_build_object('total', p_body #> '{usage,totalCost}') end;

create function priv.usage_object(p_body jsonb) returns jsonb
language sql immutable parallel safe
return case
  when p_body -> 'usageDetails' is not null and p_body -> 'usageDetails' not in ('null', '{}') then p_body -> 'usageDetails'
  when p_body -> 'usage' is not null and p_body -> 'usage' not in ('null', '{}') then p_body -> 'usage' end;

-- True where priv.body_problem has nothing to say, as a plain expression; false where it has to be asked.
create function priv.is_plain(p_target text, p_body jsonb) returns boolean
language sql stable parallel safe
return pg_column_size(p_body) <= 8000000
  and coalesce(greatest(length(p_body ->> 'traceId'), length(p_body ->> 'parentObservationId'),
    length(p_body ->> 'observationId'), length(p_body ->> 'messageId'), length(p_body ->> 'requestId')) <= 200, true)
  and coalesce(least(length(p_body ->> 'traceId'), length(p_body ->> 'parentObservationId'),
    length(p_body ->> 'observationId'), length(p_body ->> 'messageId'), length(p_body ->> 'requestId')) >= 1, true)
  and coalesce(greatest(length(p_body ->> 'name'), length(p_body ->> 'userId'), length(p_body ->> 'sessionId'),
    length(p_body ->> 'release'), length(p_body ->> 'version'), length(p_body ->> 'environment'),
    length(p_body ->> 'promptName'), length(p_body ->> 'promptVersion')) <= 1000, true)
  and coalesce(greatest(length(p_body ->> 'statusMessage'), length(p_body ->> 'comment')) <= 50000, true)
  and coalesce(p_body ->> 'level' in ('DEBUG', 'DEFAULT', 'WARNING', 'ERROR'), true)
  and case p_target
    when 'traces' then case
      when p_body -> 'tags' is null then true
      when jsonb_typeof(p_body -> 'tags') <> 'array' then false
      else jsonb_array_length(p_body -> 'tags') <= 100 and length(p_body ->> 'tags') <= 20000 end
    when 'generations' then coalesce(length(p_body ->> 'model') <= 200, true)
      and p_body -> 'usage' is null
      -- So few of so little are no more than a cost may be, whatever they add up to.
      and (p_body -> 'costDetails' is null or jsonb_typeof(p_body -> 'costDetails') = 'object'
        and pg_column_size(p_body -> 'costDetails') <= 200
        and not jsonb_path_exists(p_body -> 'costDetails', 'strict $.* ? (@.type() != "number" || @ < 0 || @ > 5000)'))
      and (p_body -> 'usageDetails' is null or jsonb_typeof(p_body -> 'usageDetails') = 'object'
        and pg_column_size(p_body -> 'usageDetails') <= 100000
        and not jsonb_path_exists(p_body -> 'usageDetails',
          'strict $.* ? (@.type() != "number" || @ < 0 || @ > 100000000 || @.floor() != @)'))
    when 'scores' then false
    else true end;

-- Why an event of this target is refused; null: it is not.
create function priv.body_problem(p_target text, p_body jsonb) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  v_key text;
begin
  if pg_column_size(p_body) > 8000000 then
    return 'is larger than 8 MB';
  end if;
  foreach v_key in array array['traceId', 'parentObservationId', 'observationId', 'messageId', 'requestId'] loop
    if length(p_body ->> v_key) not between 1 and 200 then
      return format('%s has not 1 to 200 characters', v_key);
    end if;
  end loop;
  foreach v_key in array array['name', 'userId', 'sessionId', 'release', 'version', 'environment', 'promptName',
    'promptVersion'] loop
    if length(p_body ->> v_key) > 1000 then
      return format('%s has more than 1,000 characters', v_key);
    end if;
  end loop;
  foreach v_key in array array['timestamp', 'startTime', 'endTime', 'completionStartTime'] loop
    if p_body ->> v_key is not null and priv.moment(p_body ->> v_key) is null then
      return format('%s is not a moment with a time zone', v_key);
    end if;
  end loop;
  if length(p_body ->> 'statusMessage') > 50000 or length(p_body ->> 'comment') > 50000 then
    return 'a message has more than 50,000 characters';
  end if;
  if p_body ->> 'level' not in ('DEBUG', 'DEFAULT', 'WARNING', 'ERROR') then
    return 'level is none of DEBUG, DEFAULT, WARNING, ERROR';
  end if;
  if p_target = 'traces' then
    if p_body ->> 'tags' is not null and (jsonb_typeof(p_body -> 'tags') <> 'array'
      or jsonb_array_length(p_body -> 'tags') > 100 or length(p_body ->> 'tags') > 20000) then
      return 'tags is not a list of at most 100';
    end if;
  elsif p_target = 'generations' then
    return priv.generation_problem(p_body);
  elsif p_target = 'scores' then
    return priv.score_problem(p_body);
  end if;
  return null;
end
$$;

create function priv.generation_problem(p_body jsonb) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  v_usage jsonb := priv.usage_object(p_body);
  v_kind text;
begin
  if length(p_body ->> 'model') > 200 then
    return 'model has more than 200 characters';
  end if;
  if v_usage is not null then
    if jsonb_typeof(v_usage) <> 'object' or pg_column_size(v_usage) > 100000 then
      return 'the usage is not an object';
    end if;
    select string_agg(k.name, ', ') into v_kind
    from priv.usage_parts(v_usage) u
    cross join lateral (values ('input', u.input), ('output', u.output), ('cache read', u.cache_read),
      ('cache write', u.cache_write), ('cache write for 5 minutes', u.cache_write_5m),
      ('cache write for an hour', u.cache_write_1h)) k (name, value)
    where priv.token_count(k.value) < 0;
    if v_kind is not null then
      return format('tokens of %s are not a whole number from 0 to 100,000,000', v_kind);
    end if;
  end if;
  if priv.cost_usd(priv.cost_object(p_body)) = 'NaN' or pg_column_size(p_body -> 'costDetails') > 100000 then
    return 'the cost is not an amount from 0 to 100,000 USD';
  end if;
  return null;
end
$$;

create function priv.score_problem(p_body jsonb) returns text
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if coalesce(p_body ->> 'name', '') = '' then
    return 'a score has no name';
  end if;
  if p_body ->> 'dataType' not in ('NUMERIC', 'BOOLEAN', 'CATEGORICAL', 'TEXT') then
    return 'dataType is none of NUMERIC, BOOLEAN, CATEGORICAL, TEXT';
  end if;
  if coalesce(jsonb_typeof(p_body -> 'value'), '') not in ('number', 'string', 'boolean') then
    return 'a score has no value';
  end if;
  if jsonb_typeof(p_body -> 'value') = 'number' and abs((p_body ->> 'value')::numeric) > 1e15
    or jsonb_typeof(p_body -> 'value') = 'string' and length(p_body ->> 'value') > 5000 then
    return 'the value of a score is too large';
  end if;
  return null;
end
$$;

-- Reads each element of the batch, in its order. What every SDK calls its plain kind says nothing against a
-- more special one. The offsets keep the planner from reading a value once for each mention of it.
create function priv.read_trace_events(p_batch jsonb) returns priv.trace_event[]
language plpgsql stable set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
declare
  v_usual boolean := priv.all_moments(p_batch);
begin
  return array(
    select row(
      t.position, t.event_id, md5(t.event_id)::uuid, t.target, t.kind, t.id,
      (extract(epoch from case when t.target = 'traces' then coalesce(t.said_at, t.at) else t.at end)
        * 1000000)::bigint + case when t.verb = 'update' then 4611686018427387904 else 0 end,
      t.at, t.body,
      case
        when jsonb_typeof(t.value) <> 'object' then 'is not an object'
        when coalesce(length(t.event_id), 0) not between 1 and 200 then 'has no id'
        when t.target is null then format('has an unknown type: %s', left(coalesce(t.type, 'none'), 50))
        when t.at is null then 'timestamp is not a moment with a time zone'
        when t.target = 'log' then null
        when coalesce(jsonb_typeof(t.body), '') <> 'object' then 'has no body'
        when length(t.id) not between 1 and 200 then 'the id of its body has not 1 to 200 characters'
        when (t.said is null or t.said_at is not null) and (t.started is null or t.started_at is not null)
          and (t.ended is null or t.ended_at is not null)
          and (t.completion_started is null or t.completion_started_at is not null)
          and priv.is_plain(t.target, t.body) then null
        else priv.body_problem(t.target, t.body) end,
      t.said_at, t.started_at, t.ended_at, t.completion_started_at)::priv.trace_event
    from (
      select s.*, case when v_usual then s.said_when::timestamptz else priv.moment(s.said_when) end as at,
        case when v_usual then s.said::timestamptz else priv.moment(s.said) end as said_at,
        case when v_usual then s.started::timestamptz else priv.moment(s.started) end as started_at,
        case when v_usual then s.ended::timestamptz else priv.moment(s.ended) end as ended_at,
        case when v_usual then s.completion_started::timestamptz
          else priv.moment(s.completion_started) end as completion_started_at
      from (
        select e.*, k.target, k.verb, coalesce(e.body ->> 'id', e.event_id) as id,
          case
            when k.noun = 'generation' and lower(e.body ->> 'kind') = 'embedding' then 'embedding'
            when k.noun = 'span' and lower(e.body ->> 'kind')
              in ('agent', 'tool', 'chain', 'retriever', 'evaluator', 'guardrail') then lower(e.body ->> 'kind')
            when k.noun not in ('span', 'generation') then k.noun end as kind,
          e.value ->> 'timestamp' as said_when, e.body ->> 'timestamp' as said,
          e.body ->> 'startTime' as started, e.body ->> 'endTime' as ended,
          e.body ->> 'completionStartTime' as completion_started
        from (
          select b.ordinality as position, b.value, b.value ->> 'id' as event_id, b.value ->> 'type' as type,
            b.value -> 'body' as body
          from jsonb_array_elements(p_batch) with ordinality b offset 0
        ) e
        left join (
          select n.target, n.noun, v.verb, n.noun || v.suffix as type
          from (values ('traces', 'trace'), ('scores', 'score'), ('events', 'event'), ('generations', 'generation'),
            ('generations', 'embedding'), ('spans', 'span'), ('spans', 'agent'), ('spans', 'tool'),
            ('spans', 'chain'), ('spans', 'retriever'), ('spans', 'evaluator'), ('spans', 'guardrail')) n (target, noun)
          cross join (values ('create', '-create'), ('update', '-update')) v (verb, suffix)
          union all select 'log', 'sdk', 'log', 'sdk-log'
        ) k on k.type = lower(case e.type
          when 'observation-create' then (e.body ->> 'type') || '-create'
          when 'observation-update' then (e.body ->> 'type') || '-update'
          else e.type end)
        offset 0
      ) s
      offset 0
    ) t
    order by t.position);
end
$$;
