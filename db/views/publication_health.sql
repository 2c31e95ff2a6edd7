-- How publishing goes, of whom the reader may see: oneself, and the teams that one manages.
create view analytics.health with (security_invoker) as
  select r.team_id, t.name as team, r.layer, r.runs, r.failed_runs,
    1 - r.failed_runs::numeric / r.runs as success_rate, r.changed, r.last_run_at,
    d.delay_hours, case when r.layer = 'service' then b.uptime end as uptime,
    r.failed_runs::numeric / r.runs > 0.0001 or r.layer = 'service' and coalesce(b.uptime, 1) < 0.995 as below_aim
  from (
    select p.team_id, p.layer, count(*) as runs, count(*) filter (where not p.ok) as failed_runs,
      sum(p.changed)::bigint as changed, max(p.at) as last_run_at
    from coffee.publications p where p.at > now() - interval '30 days' group by 1, 2) r
  join coffee.teams t on t.id = r.team_id
  left join (
    select s.team_id, s.layer,
      -- Nobody is late with what was over before they came.
      avg(greatest(0, extract(epoch from s.published_at
        - greatest(s.end_day::timestamp at time zone s.zone, m.created_at)))) / 3600 as delay_hours
    from coffee.published_summaries s
    left join coffee.memberships m on m.team_id = s.team_id and m.member_id = s.person_id
    where s.version = 1 and s.end_day > current_date - 31 and s.end_day <= current_date group by 1, 2) d
    on d.team_id = r.team_id and d.layer = r.layer
  left join (
    select one.team_id, sum(one.there)::numeric / sum(one.wanted) as uptime
    from (
      select h.team_id, h.person_id, count(*) as there,
        floor(extract(epoch from now() - min(h.bucket)) / 900) + 1 as wanted
      from coffee.publisher_beats h where h.bucket > now() - interval '30 days' group by 1, 2) one
    group by 1) b on b.team_id = r.team_id;
comment on view analytics.health is 'Publishing in the last 30 days, by team and layer.';
comment on column analytics.health.team_id is 'The team.';
comment on column analytics.health.team is 'Its name.';
comment on column analytics.health.layer is 'git_hook, service, ci or hand.';
comment on column analytics.health.runs is 'Publications that were tried.';
comment on column analytics.health.failed_runs is 'Of these, those that failed.';
comment on column analytics.health.success_rate is 'Runs that did not fail, 0 to 1; the aim is 0.9999.';
comment on column analytics.health.changed is 'Summaries that were written.';
comment on column analytics.health.last_run_at is 'The last run.';
comment on column analytics.health.delay_hours is 'Hours from the end of a period, or from the member''s coming where that was later, to its publication, on average.';
comment on column analytics.health.uptime is 'Of the background service: quarter hours in which it was there, of those since its first sign; the aim is 0.995.';
comment on column analytics.health.below_aim is 'Whether its success rate, or its uptime, is less than the aim.';
grant select on analytics.health to coffee_user, coffee_api; -- the check tells a team what is below its aim
