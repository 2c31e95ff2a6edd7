-- One way to fail, so that every client can tell the cases apart. SQLSTATE class CR is ours:
-- CR001 conflict (somebody was first, or the row changed), CR002 invalid input, CR003 lease lost,
-- CR004 not found (or not visible: the two are never told apart).

create function priv.fail(p_state text, p_message text, p_hint text default null) returns void
language plpgsql set search_path = '' as $$
begin
  if p_hint is null then
    raise exception using errcode = p_state, message = p_message;
  end if;
  raise exception using errcode = p_state, message = p_message, hint = p_hint;
end
$$;

create function priv.append_only() returns trigger
language plpgsql set search_path = '' as $$
begin
  raise insufficient_privilege using message = format('%I.%I is append-only', tg_table_schema, tg_table_name);
end
$$;
grant execute on function priv.fail(text, text, text) to coffee_registrar;
grant execute on function priv.append_only() to coffee_owner; -- creates the triggers
