-- The daemons' debug log: bounded, whatever a daemon does.

-- p_keep: what is older goes; p_most: the newest lines that stay.
create function priv.drop_log(p_daemon uuid, p_keep interval, p_most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_count integer;
begin
  delete from daemon.execution_log l
  where l.daemon_id = p_daemon and (l.at < now() - p_keep or l.at < (
    select k.at from daemon.execution_log k where k.daemon_id = p_daemon
    order by k.at desc offset p_most - 1 limit 1));
  get diagnostics v_count = row_count;
  return v_count;
end
$$;

create function daemon.log(p_level text, p_message text, p_detail jsonb default null) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('daemon');
  v_id bigint;
begin
  insert into daemon.execution_log (daemon_id, level, message, detail)
  values (v_me, p_level, left(p_message, 10000), p_detail) returning id into v_id;
  -- Now and then, so that a line is cheap: the bound is exceeded by a few hundred lines at most.
  if v_id % 500 = 0 then
    perform priv.drop_log(v_me, '90 days', 100000);
  end if;
end
$$;

-- What a daemon keeps of its own log; less than the database would. Returns how many lines went.
create function daemon.prune_log(p_keep interval, p_most integer) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('daemon');
begin
  return priv.drop_log(v_me, greatest(p_keep, '0 s'), greatest(p_most, 1));
end
$$;

grant execute on function daemon.log(text, text, jsonb), daemon.prune_log(interval, integer) to coffee_daemon;
