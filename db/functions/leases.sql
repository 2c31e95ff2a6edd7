-- Who works on what. Truth is lease + fence; the session-level lock of a living daemon process only
-- shortens the wait after a crash.

create function priv.lock_key(p_instance uuid) returns bigint
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select ('x' || left(md5(p_instance::text), 16))::bit(64)::bigint
$$;

-- A lease that lasts for years would be a lock that no fence opens.
create function priv.bounded(p_lease interval) returns interval
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select least(greatest(p_lease, '0 s'), '15 min')
$$;

-- Whoever can have the lock knows that nobody holds it. Only then is the table of all locks read, which
-- is dear: the lock may be this session's own.
create function priv.is_alive(p_instance uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_key bigint := priv.lock_key(p_instance);
begin
  if not pg_try_advisory_lock_shared(v_key) then
    return true;
  end if;
  perform pg_advisory_unlock_shared(v_key);
  return exists (
    select from pg_catalog.pg_locks l
    where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.mode = 'ExclusiveLock'
      and l.database = (select oid from pg_catalog.pg_database where datname = current_database())
      and (l.classid::bigint << 32) | l.objid::bigint = v_key);
end
$$;

-- Called once on a connection that the daemon keeps open and uses for nothing that could reset it.
-- One lock per session: the server's lock table is shared, and a daemon that fills it stops everybody.
create function daemon.attach(p_instance uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('daemon');
  v_held bigint;
  v_until timestamptz := clock_timestamp() + interval '50 ms';
begin
  select (l.classid::bigint << 32) | l.objid::bigint into v_held from pg_catalog.pg_locks l
  where l.locktype = 'advisory' and l.objsubid = 1 and l.pid = pg_backend_pid();
  if v_held = priv.lock_key(p_instance) then
    return true; -- session locks stack: a second attach must not need a second release
  end if;
  if v_held is not null then
    perform priv.fail('CR001', 'this session is attached to another instance',
      'A process has one instance and keeps one connection for it.');
  end if;
  while not pg_try_advisory_lock(priv.lock_key(p_instance)) loop
    -- Somebody who asks whether we live holds it for an instant.
    if clock_timestamp() > v_until then
      return false;
    end if;
  end loop;
  return true;
end
$$;

-- p_kind too: the holder of a merge has no attempt to end, and the other way round.
create function priv.hold(p_item bigint, p_fence bigint, p_kind daemon.task_kind) returns daemon.task_queue
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('daemon');
  v_task daemon.task_queue;
begin
  select t.* into v_task from daemon.task_queue t
  where t.item_id = p_item and t.fence = p_fence and t.kind = p_kind and t.daemon_id = v_me
    and t.lease_until is not null -- given back, or ended: a late beat or write must not revive it
  for update;
  if v_task.item_id is null then
    perform priv.fail('CR003', format('the lease on item %s is gone', p_item),
      'Another daemon took over, or a person stopped it.');
  end if;
  return v_task;
end
$$;

-- Takes the lease of one item unless somebody holds it; null: somebody does.
create function priv.take(
  p_item bigint, p_kind daemon.task_kind, p_attempt bigint, p_instance uuid, p_lease interval)
returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_fence bigint;
begin
  insert into daemon.task_queue as t
    (item_id, kind, attempt_id, daemon_id, instance, fence, lease_until, updated_at)
  values (p_item, p_kind, p_attempt, priv.me(), p_instance, nextval('daemon.fences'), now() + priv.bounded(p_lease), now())
  on conflict (item_id) do update set
    kind = excluded.kind, attempt_id = excluded.attempt_id, daemon_id = excluded.daemon_id,
    instance = excluded.instance, fence = excluded.fence, lease_until = excluded.lease_until,
    retry_after = null, control = null, updated_at = now()
  where t.lease_until is null or t.lease_until <= now()
  returning t.fence into v_fence;
  return v_fence;
end
$$;

create function daemon.heartbeat(p_item bigint, p_fence bigint, p_lease interval) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('daemon');
begin
  update daemon.task_queue t set lease_until = now() + priv.bounded(p_lease), updated_at = now()
  where t.item_id = p_item and t.fence = p_fence and t.daemon_id = v_me and t.lease_until is not null;
  return found;
end
$$;
comment on function daemon.heartbeat(bigint, bigint, interval) is 'False: the lease is gone, stop at once and change nothing.';

-- Gives a lease back without an outcome: the attempt stays open and goes on elsewhere.
create function daemon.release(p_item bigint, p_fence bigint) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('daemon');
begin
  update daemon.task_queue t set lease_until = null, instance = null, updated_at = now()
  where t.item_id = p_item and t.fence = p_fence and t.daemon_id = v_me;
  if found then
    perform pg_notify('coffee_roadmap', p_item::text);
    return true;
  end if;
  return false;
end
$$;

grant execute on function
  daemon.attach(uuid), daemon.heartbeat(bigint, bigint, interval), daemon.release(bigint, bigint)
to coffee_daemon;
