-- What a person publishes of their own time. SET, never added to: a publication replaces the whole period.

-- The caller's own period, whole. p_lines: [{project, issue?, kind: time|delegated|ai, model?,
-- measured_seconds?, billed_seconds?, sessions?, issues?, input_tokens?, …, cost_nanos?}]; none: an
-- explicit zero. While the period is open it is replaced; afterwards a new version, which has a reason.
create function coffee.publish(
  p_team uuid, p_first_day date, p_lines jsonb, p_layer text, p_reason text default null,
  out version integer, out changed boolean, out closed boolean, out digest text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_me uuid := priv.must_be('person');
  v_granularity coffee.granularities;
  v_period record;
  v_old coffee.published_summaries;
  v_new coffee.published_summaries;
begin
  if p_team is null or not p_team = any (priv.my_teams()) then
    perform priv.fail('CR004', 'no such team of yours', 'coffee-roadmap teams list');
  end if;
  if p_layer is null or p_layer not in ('git_hook', 'service', 'ci', 'hand') then
    perform priv.fail('CR002', 'a layer is git_hook, service, ci or hand');
  end if;
  perform priv.must_read_committed();
  -- One at a time, and none while the granularity changes.
  perform pg_advisory_xact_lock_shared(74, hashtext(p_team::text));
  perform pg_advisory_xact_lock(75, hashtext(p_team::text || v_me::text));
  v_granularity := priv.granularity_of(p_team, p_first_day);
  select f.first_day, f.end_day into v_period from priv.period_of(p_team, p_first_day) f;
  if p_first_day is null or v_period.first_day <> p_first_day then
    perform priv.fail('CR002', format('no period of the team begins on %s', p_first_day),
      format('One begins on %s.', v_period.first_day));
  end if;
  if p_first_day::timestamp at time zone (v_granularity).zone > now() then
    perform priv.fail('CR002', 'this period has not begun');
  end if;
  perform priv.check_lines(p_team, v_granularity, v_period.first_day, v_period.end_day, p_lines);
  closed := priv.period_closed(p_team, v_period.first_day, v_period.end_day);
  select * into v_old from coffee.published_summaries s
  where s.person_id = v_me and s.team_id = p_team and s.first_day = p_first_day and s.replaced_at is null;
  v_new := row(v_me, p_team, p_first_day, 1, v_period.end_day, (v_granularity).period, (v_granularity).per,
    (v_granularity).zone, sha256(''), null, null, p_layer, clock_timestamp(), null)::coffee.published_summaries;
  if v_old.version is not null then
    if priv.same_lines(v_old, p_lines) then
      version := v_old.version;
      changed := false;
      digest := encode(v_old.sha256, 'hex');
      return;
    end if;
    v_new.version := v_old.version;
    v_new.predecessor := v_old.predecessor;
    v_new.reason := v_old.reason;
    if closed then
      if coalesce(length(trim(p_reason)), 0) not between 1 and 500 or p_reason ~ priv.unprintable() then
        perform priv.fail('CR005', format('the period from %s is closed', p_first_day),
          'A correction says why, in 1 to 500 characters: --reason.');
      end if;
      v_new.version := v_old.version + 1;
      v_new.predecessor := v_old.sha256;
      v_new.reason := trim(p_reason);
      update coffee.published_summaries s set replaced_at = now()
      where (s.person_id, s.team_id, s.first_day, s.version) = (v_me, p_team, p_first_day, v_old.version);
    else
      delete from coffee.published_lines l
      where (l.person_id, l.team_id, l.first_day, l.version) = (v_me, p_team, p_first_day, v_old.version);
      delete from coffee.published_summaries s
      where (s.person_id, s.team_id, s.first_day, s.version) = (v_me, p_team, p_first_day, v_old.version);
    end if;
  end if;
  digest := encode(priv.write_summary(v_new, p_lines), 'hex');
  perform priv.sum_month(v_me, p_team, p_first_day);
  version := v_new.version;
  changed := true;
  perform audit.record('summary.publish', jsonb_build_object('team', p_team, 'first_day', p_first_day,
    'version', version, 'sha256', digest, 'layer', p_layer, 'reason', v_new.reason));
end
$$;

grant execute on function coffee.publish(uuid, date, jsonb, text, text) to coffee_user;
