-- Without the guard a login can take its whole group out of the policies (DROP OWNED), and more.
select 'coffee_guard' as object, 'does not refuse what logins change' as problem
where not exists (
  select from pg_catalog.pg_event_trigger t
  where t.evtname = 'coffee_guard' and t.evtevent = 'ddl_command_start' and t.evtenabled = 'A'
    and t.evttags is null and t.evtfoid = to_regprocedure('priv.refuse_ddl()'))
