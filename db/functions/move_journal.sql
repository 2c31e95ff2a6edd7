-- The journal of a move from an older system: whatever the transaction of the move changes in a table that
-- has this trigger, by whichever function, is written down row by row, and can be undone.

-- The primary key as SQL: its columns of that row, or what makes them equal to those of a journal's key.
create function priv.key_columns(p_relation regclass, p_row text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select string_agg(format('%s.%I', p_row, a.attname), ', ' order by k.n)
  from pg_constraint c
  cross join lateral unnest(c.conkey) with ordinality k (num, n)
  join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num
  where c.conrelid = p_relation and c.contype = 'p'
$$;

create function priv.key_match(p_relation regclass, p_row text, p_key text) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select string_agg(format('%s.%I = (%s ->> %s)::%s', p_row, a.attname, p_key, k.n - 1,
    format_type(a.atttypid, a.atttypmod)), ' and ' order by k.n)
  from pg_constraint c
  cross join lateral unnest(c.conkey) with ordinality k (num, n)
  join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num
  where c.conrelid = p_relation and c.contype = 'p'
$$;

create function priv.journal_move() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_batch coffee.move_batches;
  v_key text;
  -- Versions go on when an item is given back: whoever saw the one between must not take it for theirs.
  v_hash text := format('md5((to_jsonb(t)%s)::text)::uuid', case tg_relid
    when 'coffee.roadmap_items'::regclass then $q$ - '{version,updated_at}'::text[]$q$ else '' end);
  v_rows text;
begin
  select * into v_batch from coffee.move_batches b where b.writing = pg_current_xact_id_if_assigned();
  if not found then
    return null;
  end if;
  perform set_config('TimeZone', 'UTC', true); -- JSON writes times as the zone says
  v_key := priv.key_columns(tg_relid, 't');
  v_rows := case tg_op
    when 'INSERT' then format($q$
      select jsonb_build_array(%s) as key, null::jsonb as before, %s as after_hash from new_rows t$q$, v_key, v_hash)
    when 'DELETE' then format($q$
      select jsonb_build_array(%s) as key, to_jsonb(t) as before, null::uuid as after_hash from old_rows t$q$, v_key)
    else format($q$
      select key, o.before, n.after_hash
      from (select jsonb_build_array(%1$s) as key, to_jsonb(t) as before from old_rows t) o
      full join (select jsonb_build_array(%1$s) as key, %2$s as after_hash from new_rows t) n
        using (key)$q$, v_key, v_hash)
  end;
  execute format($q$
    insert into coffee.move_changes (person_id, batch_id, relation, row_key, before, after_hash)
    select $1, $2, $3, r.key, r.before, r.after_hash from (%s) r$q$, v_rows)
  using v_batch.person_id, v_batch.id, tg_table_schema || '.' || tg_table_name;
  return null;
end
$$;
grant execute on function priv.journal_move() to coffee_owner; -- creates the triggers

-- What a batch did to a relation over all: each row once, as it was before the batch and as it left it; n is
-- that of its first change, which tells how it was.
create function priv.journal_of(p_person uuid, p_batch integer, p_relation text)
returns table (row_key jsonb, before jsonb, after_hash uuid, n bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select f.row_key, f.before, l.after_hash, f.n
  from (
    select distinct on (c.row_key) c.row_key, c.before, c.n from coffee.move_changes c
    where c.person_id = p_person and c.batch_id = p_batch and c.relation = p_relation
    order by c.row_key, c.n) f
  join (
    select distinct on (c.row_key) c.row_key, c.after_hash from coffee.move_changes c
    where c.person_id = p_person and c.batch_id = p_batch and c.relation = p_relation
    order by c.row_key, c.n desc) l using (row_key)
  where f.before is not null or l.after_hash is not null
$$;

-- How many rows of it are not as the batch left them. Without nested loops: nothing tells the
-- planner how many rows a journal has, and one look for each of a million takes longer than reading all once.
create function priv.changed_since(p_person uuid, p_batch integer, p_relation text) returns bigint
language plpgsql stable security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC'
  set enable_nestloop = off as $$
declare
  v_count bigint;
begin
  execute format($q$
    select count(*) from priv.journal_of($1, $2, $3) c
    left join lateral (select md5(to_jsonb(t)::text)::uuid as hash from %s t where %s) t on true
    where t.hash is distinct from c.after_hash$q$, p_relation, priv.key_match(p_relation, 't', 'c.row_key'))
  into v_count using p_person, p_batch, p_relation;
  return v_count;
end
$$;

-- The same in parts of 2,000 rows, by n and by how the batch left each: what one statement changes its triggers
-- hold in memory. p_what: what the batch 'brought', 'changed' or 'removed'.
create function priv.journal_parts(p_person uuid, p_batch integer, p_relation text, p_what text)
returns table (ns bigint[], hashes uuid[])
language sql stable security definer set search_path = pg_catalog, pg_temp
-- Groups in a hash table would all be in memory at once. What the caller sets for small parts is not for this.
set enable_hashagg = off set enable_nestloop = off set enable_hashjoin = on set enable_mergejoin = on
set enable_seqscan = on as $$
  select array_agg(c.n), array_agg(c.after_hash)
  from (
    select j.n, j.after_hash, (row_number() over (order by j.n) - 1) / 2000 as part
    from priv.journal_of(p_person, p_batch, p_relation) j
    where p_what = case when j.before is null then 'brought' when j.after_hash is null then 'removed' else 'changed' end
  ) c
  group by c.part order by c.part
$$;

-- Does with each part what p_change says, in which t is the relation and priv.part_changes the part. Row by
-- row, by the keys: a part is small and the rest may be large, which no statistics tell.
create function priv.change_parts(p_person uuid, p_batch integer, p_relation text, p_what text, p_change text)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp set timezone = 'UTC'
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_part record;
begin
  for v_part in select p.* from priv.journal_parts(p_person, p_batch, p_relation, p_what) p loop
    execute p_change using v_part.ns, v_part.hashes, p_person, p_batch;
  end loop;
end
$$;

-- As SQL: a part's changes, and how the batch left each. The offsets keep the order in which they are looked
-- up: the part first, then its changes by their key, then the rows, for other relations have keys of other types.
create function priv.part_changes() returns text
language sql immutable parallel safe
return '(select c.row_key, c.before, p.hash from unnest($1, $2) p (n, hash) cross join lateral (
    select m.row_key, m.before from coffee.move_changes m
    where m.person_id = $3 and m.batch_id = $4 and m.n = p.n offset 0) c
  offset 0) c';

-- Takes away what the batch brought to a relation. Rows that were changed since stay.
create function priv.take_back(p_person uuid, p_batch integer, p_relation text, p_unless text) returns void
language sql volatile security definer set search_path = pg_catalog, pg_temp as $$
  select priv.change_parts(p_person, p_batch, p_relation, 'brought', format($q$
    delete from %s t using %s where %s and md5(to_jsonb(t)::text)::uuid = c.hash and not (%s)$q$,
    p_relation, priv.part_changes(), priv.key_match(p_relation, 't', 'c.row_key'), p_unless))
$$;

-- Gives back what the batch changed or deleted in a relation. Rows that were changed since stay.
create function priv.give_back(p_person uuid, p_batch integer, p_relation text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_columns text;
  v_written text;
  v_match text := priv.key_match(p_relation, 't', 'c.row_key');
begin
  -- Numbers that the database gives never change, and what it computes it computes again.
  select string_agg(format('%I', a.attname), ', ' order by a.attnum),
    string_agg(format('%I', a.attname), ', ' order by a.attnum) filter (where a.attidentity = '')
  into v_columns, v_written
  from pg_attribute a
  where a.attrelid = p_relation::regclass and a.attnum > 0 and not a.attisdropped and a.attgenerated = '';
  perform priv.change_parts(p_person, p_batch, p_relation, 'changed', format($q$
    update %1$s t set (%2$s) = (select %2$s from jsonb_populate_record(null::%1$s, c.before))
    from %3$s where %4$s and md5(to_jsonb(t)::text)::uuid = c.hash$q$,
    p_relation, v_written, priv.part_changes(), v_match));
  perform priv.change_parts(p_person, p_batch, p_relation, 'removed', format($q$
    insert into %1$s (%2$s) overriding system value
    select %3$s from %4$s cross join lateral jsonb_populate_record(null::%1$s, c.before) r
    where not exists (select from %1$s t where %5$s)$q$,
    p_relation, v_columns, 'r.' || replace(v_columns, ', ', ', r.'), priv.part_changes(), v_match));
end
$$;
