-- API calls into the ledger. Which of several copies of a call counts is decided by one total order over
-- all columns, so that files, machines, batches and roads may come in any order and give the same rows:
-- no side chain before one, then the larger sum of tokens, the larger logged cost, fast before standard
-- before none, the earlier time, the smaller machine id, and then every other column. The order by and
-- the comparison below say the same; change both.
--
-- A call of a side chain is replayed under new request ids: it is told by its message alone, kept under an
-- empty request key, and gives way to a call of that message that is none.
--
-- A ledger that was empty a minute ago has no statistics, and plans that are kept would go over all of it
-- with each batch: what is looked up here is looked up by the key, call by call.
-- Before 18 a scan that is off makes a plan look dear enough to be compiled, which it is not worth.

create function priv.import_usage(
  p_person uuid, p_machine uuid, p_at timestamptz[], p_message_id text[], p_request_id text[],
  p_line_uuid text[], p_session_id text[], p_agent_id text[], p_is_sidechain boolean[], p_model text[],
  p_speed text[], p_input bigint[], p_output bigint[], p_cache_read bigint[], p_cache_write_5m bigint[],
  p_cache_write_1h bigint[], p_logged_cost numeric[], p_folder text[], p_git_branch text[], p_version text[])
returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp set enable_seqscan = off set jit = off as $$
declare
  -- All of a batch at once, which nearly always is sound: a look at each record takes ten times as long.
  v_odd_names boolean := concat(array_to_string(p_message_id, ''), array_to_string(p_request_id, ''),
    array_to_string(p_line_uuid, ''), array_to_string(p_session_id, ''), array_to_string(p_agent_id, ''))
    ~ '[^\x21-\x7e]';
  v_odd_texts boolean := concat(array_to_string(p_model, ''), array_to_string(p_folder, ''),
    array_to_string(p_git_branch, ''), array_to_string(p_version, '')) ~ '[\u0001-\u001f\u007f-\u009f]';
  v_wrong text[];
  v_refused jsonb := '[]';
  v_clones jsonb;
  v_counts jsonb;
  v_latest timestamptz;
  v_known boolean;
begin
  v_wrong := array(
    select case
        when priv.wrong_time(b.at) then 'time'
        when coalesce(b.message_id, b.line_uuid) is null then 'nameless'
        when b.is_sidechain is null then 'side_chain'
        when num_nulls(b.input, b.output, b.cache_read, b.write_5m, b.write_1h) > 0
          or least(b.input, b.output, b.cache_read, b.write_5m, b.write_1h) < 0
          or greatest(b.input, b.output, b.cache_read, b.write_5m, b.write_1h) > 1000000000 then 'tokens'
        when b.logged_cost < 0 or b.logged_cost > 10000 or b.logged_cost = 'NaN' then 'cost'
        when v_odd_names and concat(b.message_id, b.request_id, b.line_uuid, b.session_id, b.agent_id) ~ '[^\x21-\x7e]'
          or greatest(octet_length(b.message_id), octet_length(b.request_id), octet_length(b.line_uuid),
            octet_length(b.session_id), octet_length(b.agent_id)) > 200
          or least(octet_length(b.message_id), octet_length(b.request_id), octet_length(b.line_uuid),
            octet_length(b.session_id), octet_length(b.agent_id), octet_length(b.model), octet_length(b.folder),
            octet_length(b.git_branch), octet_length(b.version)) = 0 then 'name'
        when b.speed not in ('standard', 'fast') then 'speed'
        when octet_length(b.model) > 200 and length(b.model) > 200
          or octet_length(b.folder) > 4096 and length(b.folder) > 4096
          or octet_length(b.git_branch) > 512 and length(b.git_branch) > 512
          or octet_length(b.version) > 64 and length(b.version) > 64
          or v_odd_texts and concat(b.model, b.folder, b.git_branch, b.version) ~ '[\u0001-\u001f\u007f-\u009f]'
          then 'text'
      end
    from unnest(p_at, p_message_id, p_request_id, p_line_uuid, p_session_id, p_agent_id, p_is_sidechain,
      p_model, p_speed, p_input, p_output, p_cache_read, p_cache_write_5m, p_cache_write_1h, p_logged_cost,
      p_folder, p_git_branch, p_version)
      b (at, message_id, request_id, line_uuid, session_id, agent_id, is_sidechain, model,
        speed, input, output, cache_read, write_5m, write_1h, logged_cost, folder, git_branch, version));
  if array_remove(v_wrong, null) <> '{}' then
    select jsonb_agg(jsonb_build_object('reason', b.wrong, 'id', concat(b.at, ' ', coalesce(b.message_id, b.line_uuid))))
    into v_refused
    from unnest(v_wrong, p_at, p_message_id, p_line_uuid) b (wrong, at, message_id, line_uuid)
    where b.wrong is not null;
  end if;
  select max(b.at) into v_latest from unnest(v_wrong, p_at) b (wrong, at) where b.wrong is null;
  v_known := exists (
    select from coffee.usage_records u
    where u.person_id = p_person and u.message_id = any (array_replace(p_message_id, null, '')));

  if v_known then
    -- What was taken for a side chain's own gives way to the call that it copies.
    delete from coffee.usage_records u
    where u.person_id = p_person and u.request_key = '' and u.is_sidechain and u.message_id = any (array(
      select b.message_id
      from unnest(p_message_id, p_request_id, p_is_sidechain, v_wrong) b (message_id, request_id, side, wrong)
      where not b.side and b.request_id is not null and b.wrong is null));
  end if;
  if true = any (p_is_sidechain) then
    -- A side chain's copy of a call that is here, or comes with it, counts nowhere.
    v_wrong := array(
      select case when q.wrong is null and q.side and q.message_id is not null and q.has_main then 'copy' else q.wrong end
      from (
        select c.*, bool_or(not c.side and c.wrong is null) over (partition by c.message_id) as has_main
        from (
          select b.* from unnest(p_message_id, p_is_sidechain, v_wrong) with ordinality b (message_id, side, wrong, nth)
          union all
          select u.message_id, false, null, null from coffee.usage_records u
          where u.person_id = p_person and u.message_id = any (p_message_id) and not u.is_sidechain) c) q
      where q.nth is not null order by q.nth);
  end if;

  with given as (
    select coalesce(b.message_id, '') collate "C" as message_id,
      case when b.message_id is null then b.line_uuid when b.is_sidechain then ''
        else coalesce(b.request_id, '') end collate "C" as request_key,
      b.input + b.output + b.cache_read + b.write_5m + b.write_1h as total,
      round(b.logged_cost * 1000000000)::bigint as logged_nanos,
      b.request_id collate "C" as request_id, b.line_uuid collate "C" as line_uuid,
      b.session_id collate "C" as session_id, b.agent_id collate "C" as agent_id,
      b.model collate "C" as model, b.speed collate "C" as speed, b.folder collate "C" as folder,
      b.git_branch collate "C" as git_branch, b.version collate "C" as version,
      b.at, b.is_sidechain, b.input, b.output, b.cache_read, b.write_5m, b.write_1h
    from unnest(v_wrong, p_at, p_message_id, p_request_id, p_line_uuid, p_session_id, p_agent_id,
      p_is_sidechain, p_model, p_speed, p_input, p_output, p_cache_read, p_cache_write_5m,
      p_cache_write_1h, p_logged_cost, p_folder, p_git_branch, p_version)
      b (wrong, at, message_id, request_id, line_uuid, session_id, agent_id, is_sidechain, model, speed,
        input, output, cache_read, write_5m, write_1h, logged_cost, folder, git_branch, version)
    where b.wrong is null
  ), best as (
    select distinct on (g.message_id, g.request_key) g.* from given g
    order by g.message_id, g.request_key, g.is_sidechain, g.total desc, g.logged_nanos desc nulls last,
      g.speed nulls last, g.at,
      g.output desc, g.input desc, g.cache_read desc, g.write_5m desc,
      coalesce(g.session_id, '') desc, coalesce(g.agent_id, '') desc, coalesce(g.request_id, '') desc,
      coalesce(g.line_uuid, '') desc, coalesce(g.model, '') desc, coalesce(g.folder, '') desc,
      coalesce(g.git_branch, '') desc, coalesce(g.version, '') desc
  ), judged as (
    select b.*, u.person_id is not null as known,
      u.machine_id = p_machine and u.at = b.at
        and (u.session_id, u.model, u.folder) is distinct from (b.session_id, b.model, b.folder) as cloned,
      u.person_id is null or
        (u.is_sidechain::int, b.total, coalesce(b.logged_nanos, -1), coalesce(u.speed, 'z'), u.at, u.machine_id,
          b.output, b.input, b.cache_read, b.write_5m,
          coalesce(b.session_id, ''), coalesce(b.agent_id, ''), coalesce(b.request_id, ''),
          coalesce(b.line_uuid, ''), coalesce(b.model, ''), coalesce(b.folder, ''),
          coalesce(b.git_branch, ''), coalesce(b.version, ''))
        > (b.is_sidechain::int,
          u.input_tokens + u.output_tokens + u.cache_read_tokens + u.cache_write_5m_tokens + u.cache_write_1h_tokens,
          coalesce(u.logged_cost_nanos, -1), coalesce(b.speed, 'z'), b.at, p_machine,
          u.output_tokens, u.input_tokens, u.cache_read_tokens, u.cache_write_5m_tokens,
          coalesce(u.session_id, ''), coalesce(u.agent_id, ''), coalesce(u.request_id, ''),
          coalesce(u.line_uuid, ''), coalesce(u.model, ''), coalesce(u.folder, ''),
          coalesce(u.git_branch, ''), coalesce(u.version, '')) as wins
    from best b
    left join lateral (
      select * from coffee.usage_records r
      where v_known and r.person_id = p_person and r.message_id = b.message_id and r.request_key = b.request_key
      limit 1) u on true
  ), names as materialized (
    select m.model, priv.model_name(m.model) as name
    from (select distinct g.model from unnest(p_model) g (model) where g.model is not null) m
  ), listed as materialized (
    -- The few prices of these models, so that no call has to look into the whole list.
    select n.model as raw, p as price from names n join coffee.prices p on p.active and p.model = n.name
  ), written as (
    insert into coffee.usage_records as t (person_id, message_id, request_key, machine_id, at,
      input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens,
      logged_cost_nanos, cost_nanos, pricing_version, is_sidechain, request_id, line_uuid, session_id,
      agent_id, model, speed, folder, git_branch, version)
    select p_person, j.message_id, j.request_key, p_machine, j.at,
      j.input, j.output, j.cache_read, j.write_5m, j.write_1h,
      j.logged_nanos, coalesce(j.logged_nanos, c.nanos),
      case when j.logged_nanos is null and c.nanos is not null then (l.price).version end,
      j.is_sidechain, j.request_id, j.line_uuid, j.session_id, j.agent_id, j.model, j.speed, j.folder,
      j.git_branch, j.version
    from judged j
    left join listed l on l.raw = j.model and priv.price_holds(
      l.price, j.at, j.input + j.cache_read + j.write_5m + j.write_1h)
    cross join lateral (select priv.usage_cost(
      l.price, j.model, j.input, j.output, j.cache_read, j.write_5m, j.write_1h, j.speed) as nanos) c
    where j.wins
    order by j.message_id, j.request_key
    on conflict (person_id, message_id, request_key) do update set
      machine_id = excluded.machine_id, at = excluded.at, input_tokens = excluded.input_tokens,
      output_tokens = excluded.output_tokens, cache_read_tokens = excluded.cache_read_tokens,
      cache_write_5m_tokens = excluded.cache_write_5m_tokens,
      cache_write_1h_tokens = excluded.cache_write_1h_tokens,
      logged_cost_nanos = excluded.logged_cost_nanos, cost_nanos = excluded.cost_nanos,
      imported_at = now(), pricing_version = excluded.pricing_version, is_sidechain = excluded.is_sidechain,
      request_id = excluded.request_id, line_uuid = excluded.line_uuid, session_id = excluded.session_id,
      agent_id = excluded.agent_id, model = excluded.model, speed = excluded.speed,
      folder = excluded.folder, git_branch = excluded.git_branch, version = excluded.version
  )
  select jsonb_build_object(
      'inserted', count(*) filter (where j.wins and not j.known),
      'revised', count(*) filter (where j.wins and j.known),
      'duplicate', cardinality(v_wrong) - jsonb_array_length(v_refused) - count(*) filter (where j.wins),
      'latest', v_latest),
    coalesce(jsonb_agg(jsonb_build_object('reason', 'same_id',
      'id', concat(j.at, ' ', j.message_id, '/', j.request_key))) filter (where j.cloned), '[]')
  from judged j
  into v_counts, v_clones;

  if v_refused <> '[]' then
    perform priv.note_problems(p_person, p_machine, 'refused', v_refused);
  end if;
  if v_clones <> '[]' then
    perform priv.note_problems(p_person, p_machine, 'conflict', v_clones);
  end if;
  return v_counts || jsonb_build_object('refused', jsonb_array_length(v_refused),
    'conflicts', jsonb_array_length(v_clones), 'reasons', priv.refusals(v_refused));
end
$$;

-- Nano-USD; null: no price is known. What no model made (<synthetic>) costs nothing. A price so high that
-- the cost is no bigint is taken for none.
create function priv.usage_cost(
  p_price coffee.prices, p_model text, p_input bigint, p_output bigint, p_cache_read bigint,
  p_write_5m bigint, p_write_1h bigint, p_speed text)
returns bigint
language sql immutable parallel safe
return case
  when p_model = '<synthetic>' then 0
  when (p_input + p_output + p_cache_read + p_write_5m + p_write_1h)::float8
    * greatest((p_price).input_nanos, (p_price).output_nanos, (p_price).cache_read_nanos,
      (p_price).cache_write_5m_nanos, (p_price).cache_write_1h_nanos)::float8
    * coalesce((p_price).fast_multiplier, 1) > 1e16 then null
  else priv.cost_nanos(p_price, p_input, p_output, p_cache_read, p_write_5m, p_write_1h,
    coalesce(p_speed = 'fast', false)) end;

-- Prices the caller's calls by the list as it is now, where the log does not say the cost. Returns how
-- many changed.
create function coffee.reprice_usage(p_since timestamptz default '-infinity') returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_count bigint;
begin
  perform priv.lock_imports(v_me);
  with names as materialized (
    select m.model, priv.model_name(m.model) as name
    from (select distinct u.model from coffee.usage_records u where u.person_id = v_me) m
  ), priced as (
    select u.message_id, u.request_key, c.nanos, case when c.nanos is not null then p.version end as version
    from coffee.usage_records u
    left join names n on n.model = u.model
    left join lateral priv.price_row(n.name, u.at, u.input_tokens + u.cache_read_tokens
      + u.cache_write_5m_tokens + u.cache_write_1h_tokens) p on true
    cross join lateral (select priv.usage_cost(p, u.model, u.input_tokens, u.output_tokens,
      u.cache_read_tokens, u.cache_write_5m_tokens, u.cache_write_1h_tokens, u.speed) as nanos) c
    where u.person_id = v_me and u.logged_cost_nanos is null and u.at >= p_since
  )
  update coffee.usage_records u set cost_nanos = p.nanos, pricing_version = p.version
  from priced p
  where u.person_id = v_me and u.message_id = p.message_id and u.request_key = p.request_key
    and (u.cost_nanos, u.pricing_version) is distinct from (p.nanos, p.version);
  get diagnostics v_count = row_count;
  perform audit.record('usage.reprice', jsonb_build_object('calls', v_count));
  return v_count;
end
$$;
grant execute on function coffee.reprice_usage(timestamptz) to coffee_user;
