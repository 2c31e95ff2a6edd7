-- For clients that want to know whether they fit this database.
create function coffee.database_version() returns integer
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(max(m.version), 0) from priv.migrations m
$$;
grant execute on function coffee.database_version()
  to coffee_user, coffee_agent, coffee_daemon, coffee_slackbot, coffee_dashboard, coffee_collector,
     coffee_auditor;
