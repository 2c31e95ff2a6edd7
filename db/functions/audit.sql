-- Writes an entry of the audit trail in the caller's transaction: both happen or neither.

create function audit.record(p_action text, p_payload jsonb) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_actor uuid := priv.me();
  v_salt bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  v_text text;
  v_id bigint;
begin
  v_text := jsonb_build_object(
    'action', p_action, 'actor', v_actor, 'login', session_user, 'data', p_payload)::text;
  insert into audit.entries (actor_id, action, digest)
  values (v_actor, p_action, sha256(v_salt || convert_to(v_text, 'UTF8')))
  returning id into v_id;
  insert into audit.payloads (entry_id, actor_id, salt, payload) values (v_id, v_actor, v_salt, v_text);
  insert into audit.unsealed (entry_id) values (v_id);
  return v_id;
end
$$;
grant execute on function audit.record(text, jsonb) to coffee_registrar;

-- What a seal hashes of an entry. Its payload is in it through the digest alone.
create function audit.line_of(p_entry audit.entries) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select concat_ws(' ', p_entry.id, (extract(epoch from p_entry.at) * 1000000)::bigint,
    coalesce(p_entry.actor_id::text, '-'), p_entry.action, encode(p_entry.digest, 'hex'))
$$;

create function audit.hash_of(p_seal audit.seals) returns bytea
language sql stable set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(concat_ws(' ', 'coffee-roadmap seal', p_seal.n,
    (extract(epoch from p_seal.sealed_at) * 1000000)::bigint, p_seal.entries,
    encode(p_seal.content, 'hex'), encode(p_seal.previous, 'hex')), 'UTF8'))
$$;

-- Seals what waits, at most so many entries, and returns how many. No writer waits for it: an entry that
-- is not committed yet goes into a later seal. Of two at once the second finds the rows gone, or the
-- number of its seal taken, and leaves everything to the first.
create function coffee.seal_audit(p_most integer default 10000) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person', 'daemon', 'auditor');
  v_ids bigint[];
  v_seal audit.seals;
begin
  if p_most is null or p_most not between 1 and 100000 then
    perform priv.fail('CR002', 'a seal covers 1 to 100000 entries');
  end if;
  with waiting as (
    select u.entry_id from audit.unsealed u order by u.entry_id limit p_most
  ), gone as (
    delete from audit.unsealed u using waiting w where u.entry_id = w.entry_id returning u.entry_id
  )
  select array_agg(g.entry_id order by g.entry_id) into v_ids from gone g;
  if v_ids is null then
    return 0;
  end if;
  select s.n + 1, s.hash into v_seal.n, v_seal.previous from audit.seals s order by s.n desc limit 1;
  v_seal.n := coalesce(v_seal.n, 1);
  v_seal.previous := coalesce(v_seal.previous, decode(repeat('00', 32), 'hex'));
  v_seal.sealed_at := clock_timestamp();
  select count(*), sha256(convert_to(string_agg(audit.line_of(e), E'\n' order by e.id), 'UTF8'))
  into v_seal.entries, v_seal.content from audit.entries e where e.id = any (v_ids);
  v_seal.hash := audit.hash_of(v_seal);
  insert into audit.seals select (v_seal).*;
  insert into audit.sealed (entry_id, seal_n) select id, v_seal.n from unnest(v_ids) id;
  return v_seal.entries;
exception when unique_violation then
  return 0;
end
$$;
comment on function coffee.seal_audit(integer) is 'Seals entries that wait; how many. 0: none waits, or somebody else is at it.';

grant execute on function coffee.seal_audit(integer) to coffee_user, coffee_daemon, coffee_auditor;

-- What was carried out of the database as a file, said by the program that wrote it.
create function coffee.record_export(p_what text, p_about jsonb default '{}') returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person', 'auditor');
begin
  if p_what is null or p_what !~ '^[a-z_]{1,40}$' or pg_column_size(p_about) > 4000 or jsonb_typeof(p_about) <> 'object' then
    perform priv.fail('CR002', 'an export has a name and a small object that says of what');
  end if;
  perform audit.record('export.' || p_what, p_about);
end
$$;
grant execute on function coffee.record_export(text, jsonb) to coffee_user, coffee_auditor;

-- Tells a project's channel what the newest seal is, once for each seal: what Slack keeps, nobody who
-- rewrites the database reaches. `p_project`: a name, or team/name where two teams have one of it.
create function coffee.announce_seal(p_project text) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('auditor');
  v_projects uuid[];
  v_seal audit.seals;
begin
  select array_agg(p.id) into v_projects from coffee.projects p join coffee.teams t on t.id = p.team_id
  where p.archived_at is null and lower(p_project) in (lower(p.name), lower(t.name || '/' || p.name));
  if v_projects is null then
    perform priv.fail('CR004', 'there is no such project', 'Its name is as in coffee-roadmap projects list.');
  end if;
  if cardinality(v_projects) > 1 then
    perform priv.fail('CR002', 'several teams have a project of that name', 'Name it with its team: TEAM/PROJECT.');
  end if;
  select * into v_seal from audit.seals s order by s.n desc limit 1;
  if v_seal.n is null then
    perform priv.fail('CR004', 'nothing is sealed yet', 'coffee-roadmap audit seal');
  end if;
  perform priv.post(v_projects[1], 'info', 'normal', format('Audit trail: seal %s', v_seal.n),
    format('seal %s %s', v_seal.n, encode(v_seal.hash, 'hex')), 'audit', 'seal ' || v_seal.n);
  return (select p.name from coffee.projects p where p.id = v_projects[1]);
end
$$;
grant execute on function coffee.announce_seal(text) to coffee_auditor;
