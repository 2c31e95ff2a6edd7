-- API calls into the ledger. Which of several copies of a call counts is decided by one total order over
-- all columns, so that files, machines, batches and roads may come in any order and give the same rows:
-- no side chain before one, then the larger sum of tokens, the larger logged cost, fast before standard
-- before none, the earlier time, the smaller machine id, and then every other column. The order by and
-- the comparison below say the same; change both.
--
-- A call of a side chain is replayed under new request ids: it is told by its message alone, kept under an
-- empty request key, and gives way to a call of that message that is none.
--
-- One plan serves a ledger that is empty and one of millions, of somebody who was not here when statistics
-- were taken: whatever is looked up is looked up by the key, call by call. The key alone gives the order that
-- is asked for without a sort, and sorts are off; from there on a row is known by its place.
-- One import of a person at a time: what is unknown when it is looked up is unknown when it is written.
-- Before 18 what is off makes a plan look dear enough to be compiled, which it is not worth.
-- Arrays are unnested in a select list: in a from clause each of them would first be stored by itself.

create function priv.import_usage(
  p_person uuid, p_machine uuid, p_at timestamptz[], p_message_id text[], p_request_id text[],
  p_line_uuid text[], p_session_id text[], p_agent_id text[], p_is_sidechain boolean[], p_model text[],
  p_speed text[], p_input bigint[], p_output bigint[], p_cache_read bigint[], p_cache_write_5m bigint[],
  p_cache_write_1h bigint[], p_logged_cost numeric[], p_folder text[], p_git_branch text[], p_version text[])
returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp
  set enable_seqscan = off set enable_sort = off set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  v_wrong text[];
  v_names text;
  v_texts text;
  v_refused jsonb := '[]';
  v_clones jsonb;
  v_counts jsonb;
  v_latest timestamptz;
  v_known boolean;
begin
  select array_agg(case
      when priv.wrong_time(b.at) then 'time'
      when coalesce(b.message_id, b.line_uuid) is null then 'nameless'
      when b.is_sidechain is null then 'side_chain'
      when num_nulls(b.input, b.output, b.cache_read, b.write_5m, b.write_1h) > 0
        or least(b.input, b.output, b.cache_read, b.write_5m, b.write_1h) < 0
        or greatest(b.input, b.output, b.cache_read, b.write_5m, b.write_1h) > 1000000000 then 'tokens'
      when b.logged_cost < 0 or b.logged_cost > 10000 or b.logged_cost = 'NaN' then 'cost'
      when greatest(octet_length(b.message_id), octet_length(b.request_id), octet_length(b.line_uuid),
          octet_length(b.session_id), octet_length(b.agent_id)) > 200
        or least(octet_length(b.message_id), octet_length(b.request_id), octet_length(b.line_uuid),
          octet_length(b.session_id), octet_length(b.agent_id), octet_length(b.model), octet_length(b.folder),
          octet_length(b.git_branch), octet_length(b.version)) = 0 then 'name'
      when b.speed not in ('standard', 'fast') then 'speed'
      when octet_length(b.model) > 200 and length(b.model) > 200
        or octet_length(b.folder) > 4096 and length(b.folder) > 4096
        or octet_length(b.git_branch) > 512 and length(b.git_branch) > 512
        or octet_length(b.version) > 64 and length(b.version) > 64 then 'text'
    end),
    concat(string_agg(b.message_id, ''), string_agg(b.request_id, ''), string_agg(b.line_uuid, ''),
      string_agg(b.session_id, ''), string_agg(b.agent_id, '')),
    concat(string_agg(b.model, ''), string_agg(b.folder, ''), string_agg(b.git_branch, ''),
      string_agg(b.version, ''))
  into v_wrong, v_names, v_texts
  from (
    select unnest(p_at) as at, unnest(p_message_id) as message_id, unnest(p_request_id) as request_id,
      unnest(p_line_uuid) as line_uuid, unnest(p_session_id) as session_id, unnest(p_agent_id) as agent_id,
      unnest(p_is_sidechain) as is_sidechain, unnest(p_model) as model, unnest(p_speed) as speed,
      unnest(p_input) as input, unnest(p_output) as output, unnest(p_cache_read) as cache_read,
      unnest(p_cache_write_5m) as write_5m, unnest(p_cache_write_1h) as write_1h,
      unnest(p_logged_cost) as logged_cost, unnest(p_folder) as folder, unnest(p_git_branch) as git_branch,
      unnest(p_version) as version) b;
  -- All of a batch at once, which nearly always is sound: a look at each record takes ten times as long.
  if v_names ~ '[^\x21-\x7e]' or v_texts ~ '[\u0001-\u001f\u007f-\u009f]' then
    select array_agg(case
      when b.wrong is not null then b.wrong
      when concat(b.message_id, b.request_id, b.line_uuid, b.session_id, b.agent_id) ~ '[^\x21-\x7e]' then 'name'
      when concat(b.model, b.folder, b.git_branch, b.version) ~ '[\u0001-\u001f\u007f-\u009f]' then 'text'
    end order by b.nth)
    into v_wrong
    from unnest(v_wrong, p_message_id, p_request_id, p_line_uuid, p_session_id, p_agent_id, p_model, p_folder,
      p_git_branch, p_version)
      with ordinality b (wrong, message_id, request_id, line_uuid, session_id, agent_id, model, folder,
        git_branch, version, nth);
  end if;
  if array_remove(v_wrong, null) <> '{}' then
    select jsonb_agg(jsonb_build_object('reason', b.wrong, 'id', concat(b.at, ' ', coalesce(b.message_id, b.line_uuid))))
    into v_refused
    from unnest(v_wrong, p_at, p_message_id, p_line_uuid) b (wrong, at, message_id, line_uuid)
    where b.wrong is not null;
  end if;
  select max(b.at) into v_latest from unnest(v_wrong, p_at) b (wrong, at) where b.wrong is null;
  v_known := exists (
    select from unnest(array_replace(p_message_id, null, '')) b (message_id)
    cross join lateral (
      select from coffee.usage_records u
      where u.person_id = p_person and u.message_id = b.message_id
      order by u.request_key limit 1) u);

  if v_known then
    -- What was taken for a side chain's own gives way to the call that it copies.
    delete from coffee.usage_records d
    using unnest(p_message_id, p_request_id, p_is_sidechain, v_wrong) b (message_id, request_id, side, wrong)
    cross join lateral (
      select u.ctid as place from coffee.usage_records u
      where u.person_id = p_person and u.message_id = b.message_id and u.request_key <= '' and u.is_sidechain
      order by u.request_key limit 1) u
    where not b.side and b.request_id is not null and b.wrong is null
      and d.ctid = u.place and d.person_id = p_person and d.message_id = b.message_id and d.request_key = '';
  end if;
  if true = any (p_is_sidechain) then
    -- A side chain's copy of a call that is here, or comes with it, counts nowhere.
    v_wrong := array(
      select case when q.wrong is null and q.side and q.message_id is not null and (q.comes or exists (
          select from (
            select u.is_sidechain from coffee.usage_records u
            where u.person_id = p_person and u.message_id = q.message_id order by u.request_key) u
          where not u.is_sidechain)) then 'copy' else q.wrong end
      from (
        select b.*, bool_or(not b.side and b.wrong is null) over (partition by b.message_id) as comes
        from unnest(p_message_id, p_is_sidechain, v_wrong) with ordinality b (message_id, side, wrong, nth)) q
      order by q.nth);
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
    from (
      select unnest(v_wrong) as wrong, unnest(p_at) as at, unnest(p_message_id) as message_id,
        unnest(p_request_id) as request_id, unnest(p_line_uuid) as line_uuid, unnest(p_session_id) as session_id,
        unnest(p_agent_id) as agent_id, unnest(p_is_sidechain) as is_sidechain, unnest(p_model) as model,
        unnest(p_speed) as speed, unnest(p_input) as input, unnest(p_output) as output,
        unnest(p_cache_read) as cache_read, unnest(p_cache_write_5m) as write_5m,
        unnest(p_cache_write_1h) as write_1h, unnest(p_logged_cost) as logged_cost, unnest(p_folder) as folder,
        unnest(p_git_branch) as git_branch, unnest(p_version) as version) b
    where b.wrong is null
  ), best as (
    select distinct on (g.message_id, g.request_key) g.* from given g
    order by g.message_id, g.request_key, g.is_sidechain, g.total desc, g.logged_nanos desc nulls last,
      g.speed nulls last, g.at,
      g.output desc, g.input desc, g.cache_read desc, g.write_5m desc,
      g.session_id desc nulls last, g.agent_id desc nulls last, g.request_id desc nulls last,
      g.line_uuid desc nulls last, g.model desc nulls last, g.folder desc nulls last,
      g.git_branch desc nulls last, g.version desc nulls last
  ), judged as (
    select b.*, u.place, u.person_id is not null as known,
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
      select r.*, r.ctid as place from coffee.usage_records r
      where v_known and r.person_id = p_person and r.message_id = b.message_id
        and r.request_key >= b.request_key and r.request_key <= b.request_key
      order by r.request_key limit 1) u on true
  ), names as materialized (
    select m.model, priv.model_name(m.model) as name
    from (select distinct g.model from unnest(p_model) g (model) where g.model is not null) m
  ), listed as materialized (
    -- The few prices of these models, so that no call has to look into the whole list.
    select p.* from coffee.prices p where p.active and p.model = any (array(select n.name from names n))
  ), priced as materialized (
    select j.*, coalesce(j.logged_nanos, c.nanos) as cost_nanos,
      case when j.logged_nanos is null and c.nanos is not null then l.version end as pricing_version
    from judged j
    left join lateral (
      select p.* from names n join listed p on p.model = n.name
      where j.wins and n.model = j.model and priv.price_holds(row(p.*)::coffee.prices, j.at,
        j.input + j.cache_read + j.write_5m + j.write_1h)
      limit 1) l on true
    -- Offset: computed once, though it is named twice.
    cross join lateral (select priv.usage_cost(row(l.*)::coffee.prices, j.model, j.input, j.output,
      j.cache_read, j.write_5m, j.write_1h, j.speed) as nanos offset 0) c
  ), written as (
    insert into coffee.usage_records (person_id, message_id, request_key, machine_id, at,
      input_tokens, output_tokens, cache_read_tokens, cache_write_5m_tokens, cache_write_1h_tokens,
      logged_cost_nanos, cost_nanos, pricing_version, is_sidechain, request_id, line_uuid, session_id,
      agent_id, model, speed, folder, git_branch, version)
    select p_person, p.message_id, p.request_key, p_machine, p.at,
      p.input, p.output, p.cache_read, p.write_5m, p.write_1h,
      p.logged_nanos, p.cost_nanos, p.pricing_version, p.is_sidechain, p.request_id, p.line_uuid, p.session_id,
      p.agent_id, p.model, p.speed, p.folder, p.git_branch, p.version
    from priced p where not p.known
  ), revised as (
    update coffee.usage_records u set machine_id = p_machine, at = p.at, input_tokens = p.input,
      output_tokens = p.output, cache_read_tokens = p.cache_read, cache_write_5m_tokens = p.write_5m,
      cache_write_1h_tokens = p.write_1h, logged_cost_nanos = p.logged_nanos, cost_nanos = p.cost_nanos,
      imported_at = now(), pricing_version = p.pricing_version, is_sidechain = p.is_sidechain,
      request_id = p.request_id, line_uuid = p.line_uuid, session_id = p.session_id, agent_id = p.agent_id,
      model = p.model, speed = p.speed, folder = p.folder, git_branch = p.git_branch, version = p.version
    from priced p
    where v_known and p.known and p.wins and u.ctid = p.place
      and u.person_id = p_person and u.message_id = p.message_id and u.request_key = p.request_key
  )
  select jsonb_build_object(
      'inserted', count(*) filter (where j.wins and not j.known),
      'revised', count(*) filter (where j.wins and j.known),
      'duplicate', cardinality(v_wrong) - jsonb_array_length(v_refused) - count(*) filter (where j.wins),
      'latest', v_latest),
    coalesce(jsonb_agg(jsonb_build_object('reason', 'same_id',
      'id', concat(j.at, ' ', j.message_id, '/', j.request_key))) filter (where j.cloned), '[]')
  from priced j
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
