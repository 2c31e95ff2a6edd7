-- Owner-rights views: totals that hold no person, no machine, no text. What the dashboard's login may
-- read without anybody's session. They look up the login themselves: one that is nobody in this
-- database (removed, or of another database of the cluster) holds the group's rights and sees nothing.
create view analytics.item_totals with (security_barrier) as
  select i.state, count(*) as items
  from coffee.roadmap_items i
  where exists (select from priv.principals me where me.login = session_user)
  group by i.state;
comment on view analytics.item_totals is 'Items by state, over all projects.';

create view analytics.attempt_totals with (security_barrier) as
  select (a.started_at at time zone 'UTC')::date as day_utc, a.outcome, count(*) as attempts
  from coffee.attempts a
  where exists (select from priv.principals me where me.login = session_user)
  group by 1, 2;
comment on view analytics.attempt_totals is 'Attempts by day (UTC) and outcome, over all projects; analytics.trace_totals has what calls cost.';

create view analytics.daemon_totals with (security_barrier) as
  select s.state, count(*) as daemons, max(s.heartbeat_at) as last_heartbeat_at
  from coffee.daemon_status s
  where exists (select from priv.principals me where me.login = session_user)
  group by s.state;
comment on view analytics.daemon_totals is 'Daemons by state.';

-- Not to coffee_user: they are over all teams, and a person's scope is a membership.
grant select on analytics.item_totals, analytics.attempt_totals, analytics.daemon_totals
  to coffee_dashboard;
