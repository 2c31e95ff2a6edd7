-- What a foreign key would do for the parents of what was reported, without its look at each row that is
-- reported: priv.ingest_events locks the parents of a batch once, as a foreign key does for each row.

-- Arguments: the column of ours, the column of theirs that it holds, the tables of ours.
create function priv.keep_parents_of_reported() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_table text;
  v_found boolean;
begin
  if tg_op = 'UPDATE' and to_jsonb(new) -> tg_argv[1] = to_jsonb(old) -> tg_argv[1] then
    return null;
  end if;
  foreach v_table in array tg_argv[2:] loop
    execute format('select exists (select from coffee.%I r where r.%I = ($1).%I)', v_table, tg_argv[0], tg_argv[1])
    into v_found using old;
    if v_found then
      raise foreign_key_violation using
        message = format('rows of coffee.%s were reported with this %s', v_table, tg_argv[0]);
    end if;
  end loop;
  return null;
end
$$;
grant execute on function priv.keep_parents_of_reported() to coffee_owner; -- creates the triggers
