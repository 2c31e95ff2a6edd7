-- Each run of each layer that publishes, so that what was missed is noticed.

-- One run of a layer, also one that failed; of the background service also that it was there. A layer that
-- runs by itself and fails tells the team, once a day (UTC) and with the error's code alone.
create function coffee.log_publication(
  p_team uuid, p_layer text, p_code text default null, p_periods integer default 0, p_changed integer default 0)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
begin
  if p_team is null or not p_team = any (priv.my_teams()) then
    perform priv.fail('CR004', 'no such team of yours', 'coffee-roadmap teams list');
  end if;
  if p_layer is null or p_layer not in ('git_hook', 'service', 'ci', 'hand')
    or p_code !~ '^[a-z_]{1,40}$' or not coalesce(p_periods, -1) between 0 and 100000
    or not coalesce(p_changed, -1) between 0 and 100000 then
    perform priv.fail('CR002', 'a run has a layer, an error''s code or none, and two counts');
  end if;
  insert into coffee.publications (person_id, team_id, layer, ok, code, periods, changed)
  values (v_me, p_team, p_layer, p_code is null, p_code, p_periods, p_changed);
  if p_layer = 'service' then
    insert into coffee.publisher_beats
    values (v_me, p_team, priv.quarter_hour(clock_timestamp())) on conflict do nothing;
  end if;
  if p_code is not null and p_layer <> 'hand' then
    perform priv.post(p.id, 'error', 'high', format('Publishing by %s failed', replace(p_layer, '_', ' ')),
      format('The error is %s. coffee-roadmap publish by hand says more, and repairs it where it can.', p_code),
      'publishing', concat_ws(' ', v_me, p_team, p_layer, (now() at time zone 'UTC')::date))
    from priv.first_project(p_team) p (id) where p.id is not null;
  end if;
end
$$;

grant execute on function coffee.log_publication(uuid, text, text, integer, integer) to coffee_user;
