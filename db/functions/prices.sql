-- What a call costs, from one list. An unknown model, and a call with tokens of a kind that has no
-- price, is unpriced: null, never a guess. 1 USD = 1,000,000,000 nano-USD.
--
-- Set-based use, which plans as one hash join (both functions are inlined: their bodies are parsed when
-- they are made, so that no search_path changes what they mean):
--
--   from batch b
--   left join lateral priv.price_row(b.model_name, b.at,
--     b.input + b.cache_read + b.cache_write_5m + b.cache_write_1h) p on true
--   select priv.cost_nanos(p, b.input, b.output, b.cache_read, b.cache_write_5m, b.cache_write_1h, b.fast)
--     as cost_nanos, case when … is not null then p.version end as pricing_version
--
-- with b.model_name = priv.model_name(b.model), best looked up once for each distinct model.

-- anthropic/claude-sonnet-4.5:beta, us.anthropic.claude-sonnet-4-5-20250929-v1:0,
-- claude-sonnet-4-5@20250929 and claude-sonnet-4-5[1m] are all claude-sonnet-4-5.
create function priv.model_name(p_model text) returns text
language sql immutable parallel safe
return regexp_replace(
  regexp_replace(
    regexp_replace(
      translate(regexp_replace(lower(btrim(p_model)), '^.*(claude-)', '\1'),
        case when p_model ~* 'claude-[a-z0-9.-]*[0-9]\.[0-9]' then '.' else '' end,
        case when p_model ~* 'claude-[a-z0-9.-]*[0-9]\.[0-9]' then '-' else '' end),
      '\[[^\]]*\]$|:(beta|thinking|extended|free|nitro)$|-v[0-9]+(:[0-9]+(:[0-9a-z]+)?)?$', ''),
    '([-@]20[0-9]{6}|-latest|@default|@latest)$', ''),
  '^(claude-(opus|sonnet|haiku)-4)-0$', '\1');
comment on function priv.model_name(text) is 'A model''s name as the price list has it.';

-- Whether a row of a model's prices is the one for such a call.
create function priv.price_holds(p_price coffee.prices, p_at timestamptz, p_prompt_tokens bigint)
returns boolean
language sql immutable parallel safe
return (p_price).effective_from <= p_at and p_at < (p_price).effective_until
  and (p_price).prompt_from <= p_prompt_tokens and p_prompt_tokens < (p_price).prompt_until;

-- The price in force for such a call; no row where there is none.
create function priv.price_row(p_model_name text, p_at timestamptz, p_prompt_tokens bigint)
returns setof coffee.prices
language sql stable parallel safe
begin atomic
  select p.* from coffee.prices p
  where p.active and p.model = p_model_name
    and p.effective_from <= p_at and p_at < p.effective_until
    and p.prompt_from <= p_prompt_tokens and p_prompt_tokens < p.prompt_until;
end;

create function priv.cost_nanos(
  p_price coffee.prices, p_input bigint, p_output bigint, p_cache_read bigint,
  p_cache_write_5m bigint, p_cache_write_1h bigint, p_fast boolean)
returns bigint
language sql immutable parallel safe
return case when (p_price).version is not null then (
    case when p_input > 0 then p_input * (p_price).input_nanos else 0 end
    + case when p_output > 0 then p_output * (p_price).output_nanos else 0 end
    + case when p_cache_read > 0 then p_cache_read * (p_price).cache_read_nanos else 0 end
    + case when p_cache_write_5m > 0 then p_cache_write_5m * (p_price).cache_write_5m_nanos else 0 end
    + case when p_cache_write_1h > 0 then p_cache_write_1h * (p_price).cache_write_1h_nanos else 0 end
  ) * case when p_fast then (p_price).fast_multiplier else 1 end end;

-- One call. Both columns null: unpriced.
create function priv.price(
  p_model text, p_at timestamptz, p_input bigint, p_output bigint, p_cache_read bigint,
  p_cache_write_5m bigint, p_cache_write_1h bigint, p_fast boolean default false)
returns table (cost_nanos bigint, pricing_version integer)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select c.nanos, case when c.nanos is not null then p.version end
  from (select) one
  left join lateral priv.price_row(priv.model_name(p_model), p_at,
    p_input + p_cache_read + p_cache_write_5m + p_cache_write_1h) p on true
  cross join lateral (select priv.cost_nanos(
    p, p_input, p_output, p_cache_read, p_cache_write_5m, p_cache_write_1h, p_fast) as nanos) c
$$;

-- USD for a million tokens, in an imported file, as nano-USD a token.
create function priv.nanos_of(p_entry jsonb, p_kind text) returns bigint
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
declare
  v_value jsonb := p_entry -> p_kind;
  v_nanos numeric;
begin
  if v_value is null or v_value = 'null' then
    return null;
  end if;
  if jsonb_typeof(v_value) <> 'number' then
    perform priv.fail('CR002', format('%s of %s is not a number', p_kind, p_entry ->> 'model'),
      'Prices are USD for a million tokens, such as 3 or 0.25.');
  end if;
  v_nanos := v_value::numeric * 1000;
  if v_nanos < 0 or v_nanos > 1000000000 or v_nanos <> trunc(v_nanos) then
    perform priv.fail('CR002', format('%s of %s cannot be %s', p_kind, p_entry ->> 'model', v_value),
      'At least 0, at most a million, and no finer than 0.001 USD for a million tokens.');
  end if;
  return v_nanos;
end
$$;

-- Which prices count, and until when: overrides before what was shipped, the newest import of each.
create function priv.settle_prices(p_models text[]) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  with active as (
    select p.model, p.effective_from, p.prompt_from, p.version
    from coffee.prices p
    where p.model = any (p_models) and p.active
  ), moments as (
    select m.model, m.effective_from,
      lead(m.effective_from, 1, 'infinity') over (partition by m.model order by m.effective_from) as until
    from (select distinct a.model, a.effective_from from active a) m
  ), bands as (
    select a.*, m.until, lead(a.prompt_from, 1, 9223372036854775807)
      over (partition by a.model, a.effective_from order by a.prompt_from) as prompt_until
    from active a join moments m using (model, effective_from)
  )
  update coffee.prices p set effective_until = b.until, prompt_until = b.prompt_until
  from bands b
  where (p.model, p.effective_from, p.prompt_from, p.version)
    = (b.model, b.effective_from, b.prompt_from, b.version);
end
$$;

-- p_entries: [{model, effective_from?, prompt_from?, input, output, cache_read, cache_write_5m,
-- cache_write_1h, fast_multiplier?}], USD for a million tokens; a price that is left out is unknown.
-- For each model that is named they replace all that counted before. Returns the new version. Costs
-- that were written stay as they are until somebody reprices.
create function coffee.import_prices(p_entries jsonb, p_note text default '') returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_admin();
  v_version integer;
  v_models text[];
begin
  if coalesce(jsonb_typeof(p_entries), '') <> 'array' or jsonb_array_length(p_entries) not between 1 and 10000
    or jsonb_path_exists(p_entries, '$[*] ? (@.type() != "object" || !exists(@.model) || @.model.type() != "string")') then
    perform priv.fail('CR002', 'a price list is an array of objects, each with a model',
      'See the example in coffee-roadmap prices import --help.');
  end if;
  select array_agg(distinct priv.model_name(e ->> 'model')) into v_models
  from jsonb_array_elements(p_entries) e;
  insert into coffee.price_versions (made_by, note) values (v_me, left(coalesce(p_note, ''), 500))
  returning version into v_version;
  update coffee.prices p set active = false where p.model = any (v_models) and p.active;
  begin
    insert into coffee.prices (model, effective_from, prompt_from, version, override, input_nanos,
      output_nanos, cache_read_nanos, cache_write_5m_nanos, cache_write_1h_nanos, fast_multiplier)
    select priv.model_name(e ->> 'model'),
      coalesce((e ->> 'effective_from')::timestamp at time zone 'UTC', '1970-01-01 00:00Z'),
      coalesce((e ->> 'prompt_from')::bigint, 0), v_version, true,
      priv.nanos_of(e, 'input'), priv.nanos_of(e, 'output'), priv.nanos_of(e, 'cache_read'),
      priv.nanos_of(e, 'cache_write_5m'), priv.nanos_of(e, 'cache_write_1h'),
      (e ->> 'fast_multiplier')::integer
    from jsonb_array_elements(p_entries) e;
  exception when unique_violation then
    perform priv.fail('CR002', 'a model, moment and prompt length is there twice');
  end;
  perform priv.settle_prices(v_models);
  perform audit.record('prices.import', jsonb_build_object('version', v_version, 'models', v_models));
  return v_version;
end
$$;

-- What was shipped counts again. Returns false where the model has no override.
create function coffee.reset_prices(p_model text) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_admin();
  v_model text := priv.model_name(p_model);
begin
  if not exists (select from coffee.prices p where p.model = v_model and p.active and p.override) then
    return false;
  end if;
  update coffee.prices p set active = (not p.override and p.version = (
    select max(s.version) from coffee.prices s where s.model = v_model and not s.override))
  where p.model = v_model;
  perform priv.settle_prices(array[v_model]);
  perform audit.record('prices.reset', jsonb_build_object('model', v_model));
  return true;
end
$$;

grant execute on function coffee.import_prices(jsonb, text), coffee.reset_prices(text) to coffee_admin;
