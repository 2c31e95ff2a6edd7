-- One merge for all that reports traces. What an event says about a column counts if no event with a
-- higher rank says otherwise: an update ranks above every create, then the later event, then the larger
-- value. So the rows are the same in whatever order, in whatever batches and however often events come:
-- a late create blanks nothing, and a child may come before its parent. Rows are looked for as
-- trace_taking.sql says.

-- Folds documents of the same id into one, key by key, the keys of metadata each for itself, tags as a
-- set. p_stamps: each document's rank; p_exceptions: {key: rank} where a key has another. Of the two times
-- the earliest counts.
create function priv.fold_documents(p_ids text[], p_documents jsonb[], p_stamps bigint[], p_exceptions jsonb[],
  p_seen_at timestamptz[], p_started_at timestamptz[] default '{}')
returns table (id text, document jsonb, stamp bigint, exceptions jsonb, seen_at timestamptz, started_at timestamptz)
language plpgsql immutable set search_path = pg_catalog, pg_temp
-- Nobody tells the planner how long the arrays are.
set enable_nestloop = off as $$
#variable_conflict use_column
begin
  return query
  with sources as (
    select * from unnest(p_ids, p_documents, p_stamps, p_exceptions, p_seen_at, p_started_at)
      s (id, document, stamp, exceptions, seen_at, started_at)
  ), pairs as (
    select s.id, false as nested, f.key as path, f.key, f.value, s.stamp, s.exceptions
    from sources s cross join lateral jsonb_each(s.document) f
    where f.value <> 'null' and f.key not in ('metadata', 'tags')
    union all
    select s.id, true, 'metadata.' || f.key, f.key, f.value, s.stamp, s.exceptions
    from sources s cross join lateral jsonb_each(s.document -> 'metadata') f
    where jsonb_typeof(s.document -> 'metadata') = 'object'
  ), ranked as (
    select p.id, p.nested, p.path, p.key, p.value, coalesce((p.exceptions ->> p.path)::bigint, p.stamp) as stamp
    from pairs p
  ), winners as (
    select distinct on (r.id, r.path) r.* from ranked r order by r.id, r.path, r.stamp desc, r.value desc
  ), compared as (
    select w.*, min(w.stamp) over (partition by w.id) as lowest from winners w
  ), joined as (
    select c.id, c.lowest as stamp, jsonb_object_agg(c.key, c.value) filter (where not c.nested) as document,
      jsonb_object_agg(c.key, c.value) filter (where c.nested) as metadata,
      jsonb_object_agg(c.path, c.stamp) filter (where c.stamp <> c.lowest) as exceptions
    from compared c group by c.id, c.lowest
  ), tags as (
    select s.id, jsonb_agg(distinct t.value) as tags
    from sources s cross join lateral jsonb_array_elements(s.document -> 'tags') t
    where jsonb_typeof(s.document -> 'tags') = 'array' group by s.id
  ), earliest as (
    select s.id, min(s.seen_at) as seen_at, min(s.started_at) as started_at from sources s group by s.id
  )
  select j.id, j.document || coalesce(jsonb_build_object('metadata', j.metadata), '{}')
      || coalesce(jsonb_build_object('tags', t.tags), '{}'),
    j.stamp, j.exceptions, e.seen_at, e.started_at
  from joined j join earliest e using (id) left join tags t using (id);
end
$$;

create function priv.metadata_of(p_body jsonb) returns jsonb
language sql stable parallel safe
return case jsonb_typeof(p_body -> 'metadata')
  when 'object' then nullif(p_body -> 'metadata', '{}')
  when 'null' then null
  else case when p_body ? 'metadata' then jsonb_build_object('metadata', p_body -> 'metadata') end end;

create function priv.merge_traces(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_item bigint, p_events priv.trace_event[], p_which boolean[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set enable_sort = off as $$
begin
  with incoming as (
    select * from priv.said_of_traces(p_events, p_which)
  ), sources as (
    select i.id, to_jsonb(i) - '{seen_at,started_at,stamp}'::text[] as document, i.stamp, null::jsonb as stamps,
      i.seen_at, i.started_at
    from incoming i
    union all
    select x.id, to_jsonb(x) - '{project_id,seen_at,at,daemon_id,attempt_id,stamp,stamps,created_at,updated_at,started_at,item_id}'::text[],
      x.stamp, x.stamps, x.seen_at, x.started_at
    from (select distinct i.id from incoming i) i
    cross join lateral (
      select r.* from coffee.traces r where r.project_id = p_project and r.id >= i.id order by r.id limit 1) x
    where x.id = i.id
  ), folded as (
    select f.*
    from (
      select array_agg(s.id) as ids, array_agg(s.document) as documents, array_agg(s.stamp) as stamps,
        array_agg(s.stamps) as exceptions, array_agg(s.seen_at) as seen_at, array_agg(s.started_at) as started_at
      from sources s
    ) a
    cross join lateral priv.fold_documents(a.ids, a.documents, a.stamps, a.exceptions, a.seen_at, a.started_at) f
    where a.ids is not null
  )
  insert into coffee.traces as t (project_id, id, name, user_id, session_id, release, version, environment,
    public, tags, metadata, input, output, started_at, seen_at, daemon_id, attempt_id, item_id, stamp, stamps)
  select p_project, r.id, r.name, r.user_id, r.session_id, r.release, r.version, r.environment, r.public,
    r.tags, r.metadata, r.input, r.output, f.started_at, f.seen_at, p_daemon, p_attempt, p_item, f.stamp,
    f.exceptions
  from folded f cross join lateral jsonb_populate_record(null::coffee.traces, f.document) r
  on conflict (project_id, id) do update set name = excluded.name, user_id = excluded.user_id,
    session_id = excluded.session_id, release = excluded.release, version = excluded.version,
    environment = excluded.environment, public = excluded.public, tags = excluded.tags,
    metadata = excluded.metadata, input = excluded.input, output = excluded.output,
    started_at = excluded.started_at, seen_at = excluded.seen_at, stamp = excluded.stamp,
    stamps = excluded.stamps, updated_at = clock_timestamp();
end
$$;

create function priv.merge_spans(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_events priv.trace_event[], p_which boolean[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set enable_sort = off as $$
begin
  with incoming as (
    select * from priv.said_of_spans(p_events, p_which)
  ), sources as (
    select i.id, to_jsonb(i) - '{seen_at,stamp}'::text[] as document, i.stamp, null::jsonb as stamps,
      i.seen_at
    from incoming i
    union all
    select x.id, to_jsonb(x) - '{project_id,seen_at,at,daemon_id,attempt_id,stamp,stamps,created_at,updated_at}'::text[]
        - case x.kind when 'span' then 'kind' else '' end,
      x.stamp, x.stamps, x.seen_at
    from (select distinct i.id from incoming i) i
    cross join lateral (
      select r.* from coffee.spans r where r.project_id = p_project and r.id >= i.id order by r.id limit 1) x
    where x.id = i.id
  ), folded as (
    select f.*
    from (
      select array_agg(s.id) as ids, array_agg(s.document) as documents, array_agg(s.stamp) as stamps,
        array_agg(s.stamps) as exceptions, array_agg(s.seen_at) as seen_at
      from sources s
    ) a
    cross join lateral priv.fold_documents(a.ids, a.documents, a.stamps, a.exceptions, a.seen_at) f
    where a.ids is not null
  )
  insert into coffee.spans as t (project_id, id, trace_id, parent_id, kind, name, level, status_message,
    version, environment, metadata, input, output, started_at, ended_at, seen_at, daemon_id, attempt_id, stamp,
    stamps)
  select p_project, r.id, r.trace_id, r.parent_id, coalesce(r.kind, 'span'), r.name, r.level, r.status_message,
    r.version, r.environment, r.metadata, r.input, r.output, r.started_at, r.ended_at, f.seen_at, p_daemon,
    p_attempt, f.stamp, f.exceptions
  from folded f cross join lateral jsonb_populate_record(null::coffee.spans, f.document) r
  on conflict (project_id, id) do update set trace_id = excluded.trace_id, parent_id = excluded.parent_id,
    kind = excluded.kind, name = excluded.name, level = excluded.level,
    status_message = excluded.status_message, version = excluded.version, environment = excluded.environment,
    metadata = excluded.metadata, input = excluded.input, output = excluded.output,
    started_at = excluded.started_at, ended_at = excluded.ended_at, seen_at = excluded.seen_at,
    stamp = excluded.stamp, stamps = excluded.stamps, updated_at = clock_timestamp();
end
$$;

create function priv.merge_events(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_events priv.trace_event[], p_which boolean[])
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' set enable_sort = off as $$
begin
  with incoming as (
    select * from priv.said_of_events(p_events, p_which)
  ), sources as (
    select i.id, to_jsonb(i) - '{seen_at,stamp}'::text[] as document, i.stamp, null::jsonb as stamps,
      i.seen_at
    from incoming i
    union all
    select x.id, to_jsonb(x) - '{project_id,seen_at,at,daemon_id,attempt_id,stamp,stamps,created_at,updated_at}'::text[],
      x.stamp, x.stamps, x.seen_at
    from (select distinct i.id from incoming i) i
    cross join lateral (
      select r.* from coffee.events r where r.project_id = p_project and r.id >= i.id order by r.id limit 1) x
    where x.id = i.id
  ), folded as (
    select f.*
    from (
      select array_agg(s.id) as ids, array_agg(s.document) as documents, array_agg(s.stamp) as stamps,
        array_agg(s.stamps) as exceptions, array_agg(s.seen_at) as seen_at
      from sources s
    ) a
    cross join lateral priv.fold_documents(a.ids, a.documents, a.stamps, a.exceptions, a.seen_at) f
    where a.ids is not null
  )
  insert into coffee.events as t (project_id, id, trace_id, parent_id, name, level, status_message, version,
    environment, metadata, input, output, started_at, seen_at, daemon_id, attempt_id, stamp, stamps)
  select p_project, r.id, r.trace_id, r.parent_id, r.name, r.level, r.status_message, r.version, r.environment,
    r.metadata, r.input, r.output, r.started_at, f.seen_at, p_daemon, p_attempt, f.stamp, f.exceptions
  from folded f cross join lateral jsonb_populate_record(null::coffee.events, f.document) r
  on conflict (project_id, id) do update set trace_id = excluded.trace_id, parent_id = excluded.parent_id,
    name = excluded.name, level = excluded.level, status_message = excluded.status_message,
    version = excluded.version, environment = excluded.environment, metadata = excluded.metadata,
    input = excluded.input, output = excluded.output, started_at = excluded.started_at,
    seen_at = excluded.seen_at, stamp = excluded.stamp, stamps = excluded.stamps, updated_at = clock_timestamp();
end
$$;

-- The last word counts whole, by the same order as everywhere: the rank, then the larger content.
create function priv.merge_scores(
  p_project uuid, p_daemon uuid, p_attempt bigint, p_events priv.trace_event[], p_which boolean[])
returns void
language sql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC' as $$
  with incoming as (
    select p_project as project_id, e.id, e.body ->> 'traceId' as trace_id,
      e.body ->> 'observationId' as observation_id, left(e.body ->> 'sessionId', 1000) as session_id,
      e.body ->> 'name' as name,
      coalesce(e.body ->> 'dataType', case jsonb_typeof(e.body -> 'value')
        when 'number' then 'NUMERIC' when 'boolean' then 'BOOLEAN' else 'CATEGORICAL' end) as data_type,
      case jsonb_typeof(e.body -> 'value') when 'number' then (e.body ->> 'value')::numeric
        when 'boolean' then (e.body -> 'value')::boolean::integer end as value,
      case jsonb_typeof(e.body -> 'value') when 'string' then e.body ->> 'value' end as string_value,
      e.body ->> 'comment' as comment, e.body ->> 'environment' as environment,
      priv.metadata_of(e.body) as metadata,
      coalesce(e.said_at, e.seen_at) as at, p_attempt as attempt_id, e.stamp
    from priv.events_of('scores', p_events, p_which) e
  )
  insert into coffee.scores as s (project_id, id, trace_id, observation_id, session_id, name, data_type,
    value, string_value, comment, environment, metadata, at, attempt_id, stamp, daemon_id)
  select distinct on (i.id) i.*, p_daemon from incoming i order by i.id, i.stamp desc, to_jsonb(i) desc
  on conflict (project_id, id) do update set trace_id = excluded.trace_id,
    observation_id = excluded.observation_id, session_id = excluded.session_id, name = excluded.name,
    data_type = excluded.data_type, value = excluded.value, string_value = excluded.string_value,
    comment = excluded.comment, environment = excluded.environment, metadata = excluded.metadata,
    at = excluded.at, stamp = excluded.stamp, updated_at = clock_timestamp()
  where excluded.stamp > s.stamp or (excluded.stamp = s.stamp and
    to_jsonb(excluded) - '{daemon_id,created_at,updated_at}'::text[]
      > to_jsonb(s) - '{daemon_id,created_at,updated_at}'::text[])
$$;
