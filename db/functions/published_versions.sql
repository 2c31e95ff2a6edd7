-- A published version as it is kept: its lines, its canonical JSON and digest, and the sums of its month.

-- The canonical JSON of a version: keys sorted, no spaces, lines in the order of their key; digests in hex.
create function priv.summary_lines(p_person uuid, p_team uuid, p_first_day date, p_version integer) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select '[' || coalesce(string_agg(format(
    '{"billed_seconds":%s,"cache_read_tokens":%s,"cache_write_tokens":%s,"cost_nanos":%s,"input_tokens":%s,"issue":%s,"issues":%s,"kind":"%s","measured_seconds":%s,"model":%s,"output_tokens":%s,"project":"%s","sessions":%s,"unpriced_calls":%s}',
    l.billed_seconds, l.cache_read_tokens, l.cache_write_tokens, l.cost_nanos, l.input_tokens,
    to_json(l.issue), l.issues, l.kind, l.measured_seconds, to_json(l.model), l.output_tokens,
    l.project_id, l.sessions, l.unpriced_calls), ',' order by l.project_id, l.issue, l.kind, l.model), '') || ']'
  from coffee.published_lines l
  where l.person_id = p_person and l.team_id = p_team and l.first_day = p_first_day and l.version = p_version
$$;

create function priv.summary_document(p_row coffee.published_summaries) returns text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select format(
    '{"end_day":"%s","first_day":"%s","lines":%s,"per":"%s","period":"%s","person":"%s","predecessor":%s,"reason":%s,"team":"%s","version":%s,"zone":"%s"}',
    to_char((p_row).end_day, 'YYYY-MM-DD'), to_char((p_row).first_day, 'YYYY-MM-DD'),
    priv.summary_lines((p_row).person_id, (p_row).team_id, (p_row).first_day, (p_row).version),
    (p_row).per, (p_row).period, (p_row).person_id,
    coalesce('"' || encode((p_row).predecessor, 'hex') || '"', 'null'),
    coalesce(to_json((p_row).reason)::text, 'null'), (p_row).team_id, (p_row).version, (p_row).zone)
$$;

create function priv.summary_digest(p_row coffee.published_summaries) returns bytea
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select sha256(convert_to(priv.summary_document(p_row), 'UTF8'))
$$;

-- What is said of a version's lines, as they are kept.
create function priv.read_lines(p_row coffee.published_summaries, p_lines jsonb)
returns setof coffee.published_lines
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select (p_row).person_id, (p_row).team_id, (p_row).first_day, (p_row).version, l.project, coalesce(l.issue, ''),
    l.kind, coalesce(l.model, ''), coalesce(l.measured_seconds, 0), coalesce(l.billed_seconds, 0),
    coalesce(l.sessions, 0), coalesce(l.issues, 0), coalesce(l.input_tokens, 0), coalesce(l.output_tokens, 0),
    coalesce(l.cache_read_tokens, 0), coalesce(l.cache_write_tokens, 0), coalesce(l.cost_nanos, 0),
    coalesce(l.unpriced_calls, 0)
  from jsonb_to_recordset(p_lines) as l(project uuid, issue text, kind text, model text, measured_seconds bigint,
    billed_seconds bigint, sessions integer, issues integer, input_tokens bigint, output_tokens bigint,
    cache_read_tokens bigint, cache_write_tokens bigint, cost_nanos bigint, unpriced_calls bigint)
$$;

-- The lines first, because the digest is made of what was written; their foreign key waits for the commit.
create function priv.write_summary(p_row coffee.published_summaries, p_lines jsonb) returns bytea
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_row coffee.published_summaries := p_row;
begin
  insert into coffee.published_lines select * from priv.read_lines(p_row, p_lines);
  v_row.sha256 := priv.summary_digest(v_row);
  insert into coffee.published_summaries values (v_row.*);
  return v_row.sha256;
exception
  when unique_violation then
    perform priv.fail('CR002', 'two lines are about the same');
    return null;
  when check_violation or not_null_violation or numeric_value_out_of_range then
    perform priv.fail('CR002', 'a line is not possible');
    return null;
end
$$;

create function priv.same_lines(p_row coffee.published_summaries, p_lines jsonb) returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with said as (
    select * from priv.read_lines(p_row, p_lines)
  ), there as (
    select * from coffee.published_lines l
    where (l.person_id, l.team_id, l.first_day, l.version)
      = ((p_row).person_id, (p_row).team_id, (p_row).first_day, (p_row).version)
  )
  select not exists (table said except all table there) and not exists (table there except all table said)
$$;

-- One person's month anew, from the current versions.
create function priv.sum_month(p_person uuid, p_team uuid, p_day date) returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  v_month date := date_trunc('month', p_day::timestamp)::date;
begin
  delete from coffee.published_months m
  where m.team_id = p_team and m.month = v_month and m.person_id = p_person;
  insert into coffee.published_months
  select l.team_id, v_month, l.person_id, l.project_id, l.issue, l.kind, l.model,
    sum(l.measured_seconds), sum(l.billed_seconds), sum(l.sessions), sum(l.issues), sum(l.input_tokens),
    sum(l.output_tokens), sum(l.cache_read_tokens), sum(l.cache_write_tokens), sum(l.cost_nanos), sum(l.unpriced_calls)
  from coffee.published_lines l
  join coffee.published_summaries s using (person_id, team_id, first_day, version)
  where l.person_id = p_person and l.team_id = p_team and s.replaced_at is null
    and l.first_day >= v_month and l.first_day < v_month + interval '1 month'
  group by 1, 2, 3, 4, 5, 6, 7;
end
$$;
