-- Projects. A member of the team may add and change them; the repository never holds a credential.

create function priv.must_project(p_project uuid) returns coffee.projects
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_row coffee.projects;
begin
  select * into v_row from coffee.projects p
  where p.id = p_project and p.team_id = any (priv.my_teams());
  if v_row.id is null then
    perform priv.fail('CR004', 'there is no such project', 'coffee-roadmap projects list');
  end if;
  return v_row;
end
$$;

create function priv.check_repository(p_repository text) returns void
language plpgsql immutable set search_path = pg_catalog, pg_temp as $$
begin
  if p_repository ~* '^[a-z][a-z0-9+.-]*://[^/?#]*:[^/?#]*@'
    or p_repository ~* '^https?://(gh[a-z]_|github_pat_|glpat-|[^/?#@]{30,}@)' then
    perform priv.fail('CR002', 'the repository''s address holds a password',
      'Leave it out; push credentials are a secret of the daemon.');
  end if;
  -- An option, or a remote helper (ext::…), which would run a command on the daemon's machine.
  if p_repository ~ '^-' or p_repository ~ '^[A-Za-z0-9+.-]*::' then
    perform priv.fail('CR002', 'this is not a git address',
      'Use https://, ssh://, git@host:path or a path.');
  end if;
end
$$;

create function coffee.add_project(p_team uuid, p_name text, p_repository text, p_settings jsonb default '{}')
returns uuid
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_team uuid := p_team;
  v_id uuid;
begin
  if v_team is null and cardinality(priv.my_teams()) = 1 then
    v_team := (priv.my_teams())[1];
  end if;
  if v_team is null or not v_team = any (priv.my_teams()) then
    perform priv.fail('CR004', 'no such team of yours', 'Name one with --team; coffee-roadmap teams list.');
  end if;
  perform priv.check_repository(p_repository);
  begin
    insert into coffee.projects (team_id, name, repository, sample)
    values (v_team, p_name, p_repository, coalesce((p_settings ->> 'sample')::boolean, false))
    returning id into v_id;
  exception when unique_violation then
    perform priv.fail('CR001', format('there is already a project "%s"', p_name), 'Choose another name.');
  end;
  perform audit.record('project.add', jsonb_build_object('id', v_id, 'name', p_name));
  if p_settings - 'sample' <> '{}' then
    perform coffee.set_project(v_id, p_settings - 'sample');
  end if;
  return v_id;
end
$$;

-- p_settings: only the keys that change; JSON null clears.
create function coffee.set_project(p_project uuid, p_settings jsonb) returns coffee.projects
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_old coffee.projects := priv.must_project(p_project);
  v_new coffee.projects;
  v_unknown text;
begin
  select string_agg(k, ', ') into v_unknown from jsonb_object_keys(p_settings) k
  where k not in ('name', 'repository', 'default_branch', 'merge', 'agent', 'agent_model', 'agent_command',
    'budget_item_usd', 'budget_day_usd', 'attempt_minutes', 'max_attempts', 'backoff_s', 'roadmap_preamble', 'archived');
  if v_unknown is not null then
    perform priv.fail('CR002', format('unknown setting: %s', v_unknown));
  end if;
  if p_settings is null then
    return v_old;
  end if;
  v_new := jsonb_populate_record(v_old, p_settings - 'archived');
  perform priv.check_repository(v_new.repository);
  update coffee.projects p set
    name = v_new.name, repository = v_new.repository, default_branch = v_new.default_branch,
    merge = v_new.merge, agent = v_new.agent, agent_model = v_new.agent_model,
    agent_command = v_new.agent_command, budget_item_usd = v_new.budget_item_usd,
    budget_day_usd = v_new.budget_day_usd, attempt_minutes = v_new.attempt_minutes,
    max_attempts = v_new.max_attempts, backoff_s = v_new.backoff_s, roadmap_preamble = v_new.roadmap_preamble,
    archived_at = case
      when not p_settings ? 'archived' then p.archived_at
      when (p_settings ->> 'archived')::boolean then coalesce(p.archived_at, now()) end
  where p.id = p_project returning * into v_new;
  perform audit.record('project.set', jsonb_build_object('id', p_project, 'settings', p_settings - 'roadmap_preamble'));
  perform pg_notify('coffee_roadmap', '');
  return v_new;
end
$$;

-- The daemon finds out which branch the repository calls its default.
create function daemon.set_default_branch(p_project uuid, p_branch text) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('daemon');
  v_project coffee.projects := priv.must_project(p_project);
begin
  update coffee.projects set default_branch = p_branch where id = p_project and default_branch is null;
end
$$;

grant execute on function
  coffee.add_project(uuid, text, text, jsonb), coffee.set_project(uuid, jsonb)
to coffee_user;
grant execute on function daemon.set_default_branch(uuid, text) to coffee_daemon;
