-- Whether everybody published: for the auditor of all teams, for a manager of theirs, else of oneself.

create function coffee.check_publications(p_from date, p_to date)
returns table (team_id uuid, team text, person_id uuid, person text, first_day date, end_day date, problem text)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person', 'auditor');
  v_all boolean := priv.my_kind() = 'auditor';
  v_managed uuid[] := priv.my_managed_teams();
begin
  if p_from is null or p_to is null or p_to - p_from not between 0 and 800 then
    perform priv.fail('CR002', 'a check is about at most 800 days');
  end if;
  return query
  with recursive periods as (
    select t.id, f.first_day, f.end_day from coffee.teams t, priv.period_of(t.id, p_from) f
    where v_all or t.id = any (priv.my_teams())
    union all
    select p.id, f.first_day, f.end_day from periods p, priv.period_of(p.id, p.end_day) f where p.end_day < p_to
  ), wanted as (
    select p.id as team_id, m.member_id, p.first_day, p.end_day
    from periods p join coffee.memberships m on m.team_id = p.id join coffee.people c on c.id = m.member_id
    where m.created_at < p.end_day::timestamp at time zone (priv.granularity_of(p.id, p.first_day)).zone
      and p.first_day < p_to and priv.period_closed(p.id, p.first_day, p.end_day)
      and (v_all or m.member_id = v_me or p.id = any (v_managed))
  ), found as (
    select w.team_id, w.member_id, w.first_day, w.end_day, 'missing' as problem
    from wanted w where not exists (select from coffee.published_summaries s
      where s.person_id = w.member_id and s.team_id = w.team_id and s.first_day = w.first_day and s.replaced_at is null)
    union all
    select s.team_id, s.person_id, s.first_day, s.end_day,
      case when s.sha256 <> priv.summary_digest(s) then 'checksum' else 'chain' end
    from coffee.published_summaries s
    where s.first_day < p_to and s.end_day > p_from
      and (v_all or s.person_id = v_me or s.team_id = any (v_managed))
      and (s.sha256 <> priv.summary_digest(s)
        or s.version > 1 and not exists (select from coffee.published_summaries b
          where b.person_id = s.person_id and b.team_id = s.team_id and b.first_day = s.first_day
            and b.version = s.version - 1 and b.sha256 = s.predecessor and b.replaced_at is not null)
        or s.replaced_at is not null and not exists (select from coffee.published_summaries a
          where a.person_id = s.person_id and a.team_id = s.team_id and a.first_day = s.first_day
            and a.version = s.version + 1))
  )
  select f.team_id, t.name, f.member_id, c.name, f.first_day, f.end_day, f.problem
  from found f join coffee.teams t on t.id = f.team_id join coffee.people c on c.id = f.member_id
  order by t.name, f.first_day, c.name, f.problem;
end
$$;

-- Tells each team in which something is missing or damaged, once for each period, without names: those
-- are in the check itself. Returns how many notifications are new.
create function coffee.raise_missed_publications(p_from date, p_to date) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person', 'auditor');
  v_row record;
  v_count integer := 0;
begin
  for v_row in
    select c.team_id, c.first_day, count(*) as n,
      priv.first_project(c.team_id) as project_id
    from coffee.check_publications(p_from, p_to) c
    where priv.my_kind() = 'auditor' or c.team_id = any (priv.my_managed_teams())
    group by 1, 2 order by 1, 2
  loop
    continue when v_row.project_id is null;
    if priv.post(v_row.project_id, 'error', 'critical',
        format('Publications from %s are missing or damaged', v_row.first_day),
        format('%s found. coffee-roadmap publish --check lists what you may see.', v_row.n),
        'publications', v_row.team_id || ' ' || v_row.first_day) then
      v_count := v_count + 1;
    end if;
  end loop;
  return v_count;
end
$$;

-- One check, as a run of the layer ci for each team that an auditor or a manager checks; what is missing or
-- damaged it looks up itself. A team of which a layer that runs by itself stays below its aim is told so once
-- a day (UTC). Returns how many teams are newly told.
create function coffee.log_check(p_from date, p_to date) returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person', 'auditor');
  v_teams uuid[] := priv.my_managed_teams();
  v_row record;
  v_count integer := 0;
begin
  if priv.my_kind() = 'auditor' then
    v_teams := array(select t.id from coffee.teams t);
  elsif v_teams = '{}' then
    perform priv.must_manage(null); -- which says who may
  end if;
  insert into coffee.publications (person_id, team_id, layer, ok, code, periods, changed)
  select v_me, t.id, 'ci', f.n is null, case when f.damaged then 'damaged' when f.n > 0 then 'missing' end,
    least(coalesce(f.n, 0), 100000), 0
  from unnest(v_teams) t (id)
  left join (
    select c.team_id, count(*) as n, bool_or(c.problem <> 'missing') as damaged
    from coffee.check_publications(p_from, p_to) c group by 1) f on f.team_id = t.id;
  for v_row in
    select h.team_id, priv.first_project(h.team_id) as project_id,
      string_agg(format('%s: %s %% of the runs succeeded%s', replace(h.layer, '_', ' '), trunc(h.success_rate * 100, 2),
        ', there ' || trunc(h.uptime * 100, 1) || ' % of the time'), E'\n' order by h.layer) as said
    from analytics.health h
    where h.below_aim and h.layer in ('git_hook', 'service') and h.team_id = any (v_teams)
    group by 1
  loop
    continue when v_row.project_id is null;
    if priv.post(v_row.project_id, 'warning', 'normal', 'Publishing is below its aim',
        v_row.said || E'\nIn the last 30 days; the aims are 99.99 % and 99.5 %. A manager sees more with'
          ' coffee-roadmap doctor.',
        'publishing aims', concat_ws(' ', v_row.team_id, (now() at time zone 'UTC')::date)) then
      v_count := v_count + 1;
    end if;
  end loop;
  return v_count;
end
$$;

grant execute on function coffee.check_publications(date, date), coffee.raise_missed_publications(date, date),
  coffee.log_check(date, date)
to coffee_user, coffee_auditor;
