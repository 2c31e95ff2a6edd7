-- Machines, their tokens and cursors. A machine belongs to the first person for whom it reports.

create function priv.clean_label(p_label text) returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select left(btrim(regexp_replace(p_label, priv.unprintable(), '', 'g')), 100)
$$;

-- Makes sure that the machine is this person's. A machine known by that label alone becomes this one:
-- its uploads move over, so that neither is counted beside the other.
create function priv.claim_machine(p_person uuid, p_machine uuid, p_label text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_said text := nullif(priv.clean_label(p_label), '');
  v_label text := coalesce(v_said, left(p_machine::text, 8));
  v_known text;
  v_named uuid;
begin
  select m.label into v_known from coffee.machines m where m.person_id = p_person and m.id = p_machine;
  -- One that reported without a label is known by its id until it says what it is called.
  if found and (v_said is null or v_known <> left(p_machine::text, 8)) then
    return;
  end if;
  if p_machine is null
    or p_machine::text !~ '^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$' then
    perform priv.fail('CR002', 'this is no machine id', 'coffee-roadmap init makes one.');
  end if;
  perform priv.lock_imports(p_person);
  insert into coffee.machines (person_id, id, label) values (p_person, p_machine, v_label)
  on conflict do nothing;
  if not exists (select from coffee.machines m where m.person_id = p_person and m.id = p_machine) then
    raise insufficient_privilege using
      message = 'this machine is not yours',
      hint = 'Was its home folder copied? coffee-roadmap init --new gives this one an id of its own.';
  end if;
  if v_known <> v_label then
    update coffee.machines m set label = v_label where m.person_id = p_person and m.id = p_machine;
  end if;
  select m.id into v_named from coffee.machines m
  where m.person_id = p_person and m.named_only and lower(m.label) = lower(v_label);
  if found then
    update coffee.day_uploads u set machine_id = p_machine
    where u.person_id = p_person and u.machine_id = v_named;
    delete from coffee.machines m where m.person_id = p_person and m.id = v_named;
  end if;
end
$$;

-- Whose the token is, for which machine; refuses what is no live token, always in the same words.
create function priv.use_machine_token(p_token text) returns coffee.machine_tokens
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_row coffee.machine_tokens;
begin
  update coffee.machine_tokens t set last_used_at = now()
  from priv.principals p
  where t.token_hash = priv.hash_token(p_token) and t.revoked_at is null
    and p.id = t.person_id and p.removed_at is null
  returning t.* into v_row;
  if v_row.id is null then
    raise insufficient_privilege using
      message = 'this token is not valid, or not any more',
      hint = 'coffee-roadmap machines token create makes a new one.';
  end if;
  return v_row;
end
$$;

-- Who reports: a person or a daemon by their own login, or whoever's token the collector was given.
create function priv.reporter(p_token text, p_machine uuid, p_label text) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_row coffee.machine_tokens;
  v_me uuid;
begin
  if p_token is null then
    v_me := priv.must_be('person', 'daemon');
    perform priv.claim_machine(v_me, p_machine, p_label);
    return v_me;
  end if;
  v_me := priv.must_be('collector');
  v_row := priv.use_machine_token(p_token);
  if v_row.machine_id is distinct from p_machine then
    raise insufficient_privilege using
      message = 'this token is not for this machine',
      hint = 'coffee-roadmap machines token create makes one for it.';
  end if;
  return v_row.person_id;
end
$$;

-- Null: nothing came by this road yet. p_token as in coffee.import_records. To ask makes no machine known:
-- its first import does, which brings the label.
create function coffee.machine_cursor(p_token text, p_machine uuid, p_road text) returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_person uuid;
begin
  if p_token is null then
    v_person := priv.must_be('person', 'daemon');
  else
    v_person := priv.reporter(p_token, p_machine, null);
  end if;
  return (select c.cursor from coffee.machine_cursors c
    where c.person_id = v_person and c.machine_id = p_machine and c.road = p_road);
end
$$;

-- Whose records a token lets in, so that nobody's body is read before.
create function coffee.token_machine(p_token text) returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_machine uuid;
begin
  perform priv.must_be('collector');
  v_machine := (priv.use_machine_token(p_token)).machine_id;
  if v_machine is null then
    raise insufficient_privilege using
      message = 'this secret is for uploads of phrase counts, not for records',
      hint = 'coffee-roadmap machines token create makes a machine''s token.';
  end if;
  return v_machine;
end
$$;

-- The token, this once. The machine is made known if it is not.
create function coffee.create_machine_token(p_machine uuid, p_label text default null, out id bigint, out token text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_own_login();
begin
  perform priv.lock_imports(v_me); -- an erasure sees the token, or its person is gone
  perform priv.claim_machine(v_me, p_machine, p_label);
  token := 'crm_' || priv.new_token();
  insert into coffee.machine_tokens (person_id, machine_id, token_hash)
  values (v_me, p_machine, priv.hash_token(token)) returning machine_tokens.id into create_machine_token.id;
  perform audit.record('machine.token', jsonb_build_object('id', create_machine_token.id, 'machine', p_machine));
end
$$;

-- A secret with which scripts SET phrase counts under any machine name of the caller's.
create function coffee.create_upload_secret(out id bigint, out token text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_own_login();
begin
  perform priv.lock_imports(v_me);
  token := 'cru_' || priv.new_token();
  insert into coffee.machine_tokens (person_id, token_hash) values (v_me, priv.hash_token(token))
  returning machine_tokens.id into create_upload_secret.id;
  perform audit.record('machine.secret', jsonb_build_object('id', create_upload_secret.id));
end
$$;

create function coffee.revoke_machine_token(p_id bigint) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
begin
  update coffee.machine_tokens t set revoked_at = now()
  where t.id = p_id and t.person_id = v_me and t.revoked_at is null;
  if not found then
    perform priv.fail('CR004', format('there is no live token %s', p_id),
      'coffee-roadmap machines token list shows them.');
  end if;
  perform audit.record('machine.revoke', jsonb_build_object('id', p_id));
end
$$;

-- The label before becomes an alias.
create function coffee.rename_machine(p_machine uuid, p_label text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_label text := priv.clean_label(p_label);
begin
  if coalesce(v_label, '') = '' then
    perform priv.fail('CR002', 'the label holds nothing that can be shown');
  end if;
  update coffee.machines m set label = v_label,
    aliases = (array(select distinct a from unnest(m.aliases || m.label) a where a <> v_label order by a))[1:50]
  where m.person_id = v_me and m.id = p_machine;
  if not found then
    perform priv.fail('CR004', 'you have no such machine', 'coffee-roadmap machines list shows them.');
  end if;
  perform audit.record('machine.rename', jsonb_build_object('machine', p_machine, 'label', v_label));
end
$$;

grant execute on function coffee.token_machine(text) to coffee_collector;
grant execute on function coffee.machine_cursor(text, uuid, text) to coffee_user, coffee_daemon, coffee_collector;
grant execute on function coffee.create_machine_token(uuid, text), coffee.create_upload_secret(),
  coffee.revoke_machine_token(bigint), coffee.rename_machine(uuid, text) to coffee_user;
