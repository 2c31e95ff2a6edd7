-- One way to fail, so that every client can tell the cases apart. SQLSTATE class CR is ours:
-- CR001 conflict (somebody was first, or the row changed), CR002 invalid input, CR003 lease lost,
-- CR004 not found (or not visible: the two are never told apart).
--
-- Every function says `set search_path = pg_catalog, pg_temp`. An empty path would look into pg_temp
-- first: whoever can make a temporary domain named `text` would run code as the function's owner.

create function priv.fail(p_state text, p_message text, p_hint text default null) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if p_hint is null then
    raise exception using errcode = p_state, message = p_message;
  end if;
  raise exception using errcode = p_state, message = p_message, hint = p_hint;
end
$$;

create function priv.append_only() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise insufficient_privilege using message = format('%I.%I is append-only', tg_table_schema, tg_table_name);
end
$$;

-- What no name holds: control characters, also those beyond ASCII that terminals obey, and those that
-- turn the direction of writing. The tables' checks say the same.
create function priv.unprintable() returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select '[\u0001-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]'
$$;

grant execute on function priv.fail(text, text, text), priv.unprintable() to coffee_registrar;
grant execute on function priv.append_only() to coffee_owner; -- creates the triggers
