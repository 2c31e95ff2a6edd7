-- Writes an entry of the audit trail in the caller's transaction: both happen or neither.

create function audit.record(p_action text, p_payload jsonb) returns bigint
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_actor uuid := priv.me();
  v_salt bytea := sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()));
  v_text text;
  v_id bigint;
begin
  v_text := jsonb_build_object(
    'action', p_action, 'actor', v_actor, 'login', session_user, 'data', p_payload)::text;
  insert into audit.entries (actor_id, action, digest)
  values (v_actor, p_action, sha256(v_salt || convert_to(v_text, 'UTF8')))
  returning id into v_id;
  insert into audit.payloads (entry_id, actor_id, salt, payload) values (v_id, v_actor, v_salt, v_text);
  insert into audit.unsealed (entry_id) values (v_id);
  return v_id;
end
$$;
grant execute on function audit.record(text, jsonb) to coffee_registrar;
