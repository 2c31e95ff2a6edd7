-- Key pairs with which programs that are not ours hand in traces and read them. The names are those of
-- the Langfuse SDKs (pk-lf-…, sk-lf-…), so that their settings take them.

-- Shown once: only the hash of the secret is kept, which has 256 bits and needs no salt.
create function coffee.add_project_key(p_project uuid, p_name text)
returns table (key_id uuid, public_key text, secret_key text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_own_login();
  v_project coffee.projects := priv.must_project(p_project);
begin
  if (select count(*) from coffee.project_keys k where k.project_id = p_project and k.revoked_at is null) >= 100 then
    perform priv.fail('CR001', 'the project has 100 keys', 'coffee-roadmap keys revoke KEY');
  end if;
  public_key := 'pk-lf-' || replace(gen_random_uuid()::text, '-', '');
  secret_key := 'sk-lf-' || encode(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
    || uuid_send(gen_random_uuid())), 'hex');
  insert into coffee.project_keys (project_id, name, public_key, secret_hash, created_by)
  values (p_project, p_name, add_project_key.public_key, sha256(convert_to(secret_key, 'UTF8')), v_me)
  returning id into key_id;
  perform audit.record('key.add', jsonb_build_object('id', key_id, 'project', p_project, 'name', p_name));
  return next;
end
$$;

-- True: it was valid until now.
create function coffee.revoke_project_key(p_key uuid) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_key coffee.project_keys;
begin
  select k.* into v_key from coffee.project_keys k
  where k.id = p_key and k.project_id = any (priv.my_projects()) for update;
  if v_key.id is null then
    perform priv.fail('CR004', 'there is no such key', 'coffee-roadmap keys list');
  end if;
  if v_key.revoked_at is not null then
    return false;
  end if;
  update coffee.project_keys k set revoked_at = now() where k.id = p_key;
  perform audit.record('key.revoke', jsonb_build_object('id', p_key, 'project', v_key.project_id));
  return true;
end
$$;

-- The project of a valid pair. What is wrong with another is not told.
create function priv.must_key(p_public_key text, p_secret_key text) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('collector');
  v_key coffee.project_keys;
begin
  select k.* into v_key from coffee.project_keys k
  where k.public_key = p_public_key and k.secret_hash = sha256(convert_to(coalesce(p_secret_key, ''), 'UTF8'))
    and k.revoked_at is null;
  if v_key.id is null then
    raise insufficient_privilege using message = 'this key pair is not valid',
      hint = 'coffee-roadmap keys create makes one.';
  end if;
  if v_key.last_used_at is null or v_key.last_used_at < now() - interval '1 minute' then
    update coffee.project_keys k set last_used_at = now()
    where k.id in (select l.id from coffee.project_keys l where l.id = v_key.id for update skip locked);
  end if;
  return v_key.project_id;
end
$$;

-- The collector asks with what the request brought.
create function coffee.check_project_key(p_public_key text, p_secret_key text)
returns table (project_id uuid, project_name text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_project uuid := priv.must_key(p_public_key, p_secret_key);
begin
  return query select p.id, p.name from coffee.projects p where p.id = v_project;
end
$$;

grant execute on function coffee.add_project_key(uuid, text), coffee.revoke_project_key(uuid) to coffee_user;
grant execute on function coffee.check_project_key(text, text) to coffee_collector;
