-- What lines of a publication may say.

-- Refuses lines that say more than the team wants to know, or more than can be.
create function priv.check_lines(p_team uuid, p_period coffee.granularities, p_first_day date, p_end_day date, p_lines jsonb)
returns void
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_wrong text;
  v_seconds numeric := extract(epoch from p_end_day::timestamp at time zone (p_period).zone
    - p_first_day::timestamp at time zone (p_period).zone);
begin
  if jsonb_typeof(p_lines) is distinct from 'array' or jsonb_array_length(p_lines) > 5000 then
    perform priv.fail('CR002', 'a publication has at most 5000 lines');
  end if;
  select coalesce(min(case
      when p.id is null or p.team_id <> p_team then 'a line names no project of the team'
      when (p_period).per = 'project' and coalesce(l.issue, '') <> '' then 'the team publishes by project, and a line names an issue'
      when l.kind = 'ai' and coalesce(b.ai_cost, 'none') = 'none' then 'a line tells of a cost that its project does not pass on'
      when l.kind = 'delegated' and not coalesce(b.bill_delegated, false) then 'a line tells of delegated time that its project does not bill'
      when l.kind <> 'ai' and coalesce(l.billed_seconds, 0) < coalesce(l.measured_seconds, 0) then 'less is billed than was measured'
      when l.kind <> 'ai' and coalesce(b.rounding_per, 'none') in ('none', 'month')
        and coalesce(l.billed_seconds, 0) <> coalesce(l.measured_seconds, 0) then 'a line is rounded, and its project rounds neither entries nor days'
      when l.kind <> 'ai' and b.rounding_per in ('entry', 'day')
        and coalesce(l.billed_seconds, 0) % (b.rounding_minutes * 60) <> 0 then 'a line is not rounded as its project says'
      when l.kind <> 'ai' and coalesce(l.measured_seconds, 0) = 0 and coalesce(l.billed_seconds, 0) <> 0 then 'time is billed that nobody measured'
      -- Parts of seconds are billed and not measured, so a day may come to a whole step more.
      when l.kind <> 'ai' and b.rounding_per = 'day' and coalesce(l.billed_seconds, 0) - coalesce(l.measured_seconds, 0)
        > (p_end_day - p_first_day) * b.rounding_minutes * 60 then 'more is rounded than the days of the period allow'
      -- How many entries there were nobody says; agents work side by side, a person does not.
      when l.kind <> 'ai' and b.rounding_per = 'entry'
        and coalesce(l.billed_seconds, 0) - case l.kind when 'delegated' then coalesce(l.measured_seconds, 0) else 0 end
          > ceil(v_seconds / (b.rounding_minutes * 60)) * b.rounding_minutes * 60 then 'more is billed than the period has'
    end), null) into v_wrong
  from jsonb_to_recordset(p_lines) as l(project uuid, issue text, kind text, measured_seconds bigint, billed_seconds bigint)
  left join coffee.projects p on p.id = l.project
  left join coffee.billing_settings b on b.project_id = p.id;
  if v_wrong is null and (select sum(l.measured_seconds) from jsonb_to_recordset(p_lines) as l(kind text, measured_seconds bigint)
      where l.kind = 'time') > v_seconds then
    v_wrong := 'more time than the period has';
  end if;
  if v_wrong is not null then
    perform priv.fail('CR002', v_wrong);
  end if;
end
$$;
