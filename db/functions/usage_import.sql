-- API calls into the ledger. Which of several copies of a call counts is decided by one total order over
-- all columns, so that files, machines, batches and roads may come in any order and give the same rows:
-- no side chain before one, then the larger sum of tokens, the larger logged cost, fast before standard
-- before none, the earlier time, the smaller machine id, and then every other column. The order by and
-- the comparison below say the same; change both.
--
-- A call of a side chain is replayed under new request ids: it is told by its message alone, kept under an
-- empty request key, and gives way to a call of that message that is none.

create function priv.import_usage(
  p_person uuid, p_machine uuid, p_at timestamptz[], p_message_id text[], p_request_id text[],
  p_line_uuid text[], p_session_id text[], p_agent_id text[], p_is_sidechain boolean[], p_model text[],
  p_speed text[], p_input bigint[], p_output bigint[], p_cache_read bigint[], p_cache_write_5m bigint[],
  p_cache_write_1h bigint[], p_logged_cost numeric[], p_folder text[], p_git_branch text[], p_version text[])
returns jsonb
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_wrong text[];
  v_refused jsonb;
  v_clones jsonb;
  v_counts jsonb;
  v_sides boolean;
begin
  select array_agg(w.reason order by w.ord),
    coalesce(jsonb_agg(jsonb_build_object('reason', w.reason, 'id', w.id)) filter (where w.reason is not null), '[]'),
    bool_or(w.is_sidechain)
  into v_wrong, v_refused, v_sides
  from (
    select b.ord, b.is_sidechain, concat(b.at, ' ', coalesce(b.message_id, b.line_uuid)) as id,
      case
        when priv.wrong_time(b.at) then 'time'
        when coalesce(b.message_id, b.line_uuid) is null then 'nameless'
        when b.is_sidechain is null then 'side_chain'
        when num_nulls(b.input, b.output, b.cache_read, b.write_5m, b.write_1h) > 0
          or least(b.input, b.output, b.cache_read, b.write_5m, b.write_1h) < 0
          or greatest(b.input, b.output, b.cache_read, b.write_5m, b.write_1h) > 1000000000 then 'tokens'
        when b.logged_cost < 0 or b.logged_cost > 10000 or b.logged_cost = 'NaN' then 'cost'
        when concat(b.message_id, b.request_id, b.line_uuid, b.session_id, b.agent_id) ~ '[^\x21-\x7e]'
          or greatest(length(b.message_id), length(b.request_id), length(b.line_uuid),
            length(b.session_id), length(b.agent_id)) > 200
          or '' in (b.message_id, b.request_id, b.line_uuid, b.session_id, b.agent_id, b.model, b.folder,
            b.git_branch, b.version) then 'name'
        when b.speed not in ('standard', 'fast') then 'speed'
        when length(b.model) > 200 or length(b.folder) > 4096 or length(b.git_branch) > 512
          or length(b.version) > 64
          or concat(b.model, b.folder, b.git_branch, b.version) ~ '[\u0001-\u001f\u007f-\u009f]' then 'text'
      end as reason
    from unnest(p_at, p_message_id, p_request_id, p_line_uuid, p_session_id, p_agent_id, p_is_sidechain,
      p_model, p_speed, p_input, p_output, p_cache_read, p_cache_write_5m, p_cache_write_1h, p_logged_cost,
      p_folder, p_git_branch, p_version)
      with ordinality b (at, message_id, request_id, line_uuid, session_id, agent_id, is_sidechain, model,
        speed, input, output, cache_read, write_5m, write_1h, logged_cost, folder, git_branch, version, ord)
  ) w;

  -- What was taken for a side chain's own gives way to the call that it copies.
  delete from coffee.usage_records u
  using unnest(p_message_id, p_request_id, p_is_sidechain, v_wrong) b (message_id, request_id, side, wrong)
  where u.person_id = p_person and u.message_id = b.message_id and u.request_key = '' and u.is_sidechain
    and not b.side and b.request_id is not null and b.wrong is null;

  with given as materialized (
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
  ), calls as (
    select g.* from given g where not g.is_sidechain or g.message_id = ''
    union all
    select g.* from given g
    where v_sides and g.is_sidechain and g.message_id <> ''
      and not exists (select from given m where m.message_id = g.message_id and not m.is_sidechain)
      and not exists (select from coffee.usage_records u
        where u.person_id = p_person and u.message_id = g.message_id and not u.is_sidechain)
  ), best as (
    select distinct on (g.message_id, g.request_key) g.* from calls g
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
    left join coffee.usage_records u
      on u.person_id = p_person and u.message_id = b.message_id and u.request_key = b.request_key
  ), names as materialized (
    select m.model, priv.model_name(m.model) as name
    from (select distinct g.model from given g where g.model is not null) m
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
      'inserted', (select count(*) from judged j where j.wins and not j.known),
      'revised', (select count(*) from judged j where j.wins and j.known),
      'duplicate', (select count(*) from given) - (select count(*) from judged j where j.wins),
      'latest', (select max(g.at) from given g)),
    coalesce((select jsonb_agg(jsonb_build_object('reason', 'same_id',
        'id', concat(j.at, ' ', j.message_id, '/', j.request_key))) from judged j where j.cloned), '[]')
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
