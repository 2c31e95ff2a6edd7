-- Totals of people's usage and phrases, without person, machine or free text: models by the price list's
-- names, patterns by the names that an admin has listed. For what these views look up the login, and
-- priv.my_teams() the person, themselves.
create view analytics.usage_totals with (security_barrier) as
  select d.day as day_utc, coalesce(k.model, 'other') as model, sum(d.calls)::bigint as calls,
    sum(d.input_tokens) as input_tokens, sum(d.output_tokens) as output_tokens,
    sum(d.cache_read_tokens) as cache_read_tokens, sum(d.cache_write_5m_tokens) as cache_write_5m_tokens,
    sum(d.cache_write_1h_tokens) as cache_write_1h_tokens, sum(d.cost_nanos) as cost_nanos,
    sum(d.unpriced_calls)::bigint as unpriced_calls
  from coffee.usage_days d
  left join (
    select n.raw, n.model
    from (
      select r.model as raw, priv.model_name(r.model) as model
      from (select distinct u.model from coffee.usage_days u) r) n
    where exists (select from coffee.prices p where p.active and p.model = n.model)) k on k.raw = d.model
  where d.zone = 'UTC' and exists (select from priv.principals me where me.login = session_user)
    and exists (select from priv.principals p where p.id = d.person_id and p.kind = 'person')
  group by 1, 2;
comment on view analytics.usage_totals is 'API calls, tokens and cost (nano-USD) by UTC day and model, over all people. Daemons are left out, because traces report their calls; a person''s call that a program of theirs traced too is in both.';

create view analytics.team_usage with (security_barrier) as
  select m.team_id, d.zone, d.day, coalesce(k.model, 'other') as model, sum(d.calls)::bigint as calls,
    sum(d.input_tokens) as input_tokens, sum(d.output_tokens) as output_tokens,
    sum(d.cache_read_tokens) as cache_read_tokens, sum(d.cache_write_5m_tokens) as cache_write_5m_tokens,
    sum(d.cache_write_1h_tokens) as cache_write_1h_tokens, sum(d.cost_nanos) as cost_nanos,
    sum(d.unpriced_calls)::bigint as unpriced_calls
  from coffee.usage_days d
  join coffee.memberships m on m.member_id = d.person_id
  left join (
    select n.raw, n.model
    from (
      select r.model as raw, priv.model_name(r.model) as model
      from (select distinct u.model from coffee.usage_days u) r) n
    where exists (select from coffee.prices p where p.active and p.model = n.model)) k on k.raw = d.model
  where m.team_id = any ((select priv.my_teams())::uuid[])
    and exists (select from priv.principals p where p.id = d.person_id and p.kind = 'person')
  group by 1, 2, 3, 4;
comment on view analytics.team_usage is 'The same by local day of each reporting zone, over the people in each of the caller''s teams. Daemons are left out here too.';

create view analytics.phrase_totals with (security_barrier) as
  select c.day, c.pattern, sum(c.messages)::bigint as messages
  from (
    select d.day, d.pattern, d.messages from coffee.day_counts d
    join coffee.phrase_patterns p on p.pattern = d.pattern
    union all
    select d.day, '', d.calls from coffee.usage_days d where d.zone = 'UTC'
    union all
    select u.day, e.name, e.messages
    from coffee.day_uploads u
    cross join lateral (
      select '' as name, u.total_messages as messages
      union all
      select p.pattern, (u.patterns ->> p.pattern)::bigint from coffee.phrase_patterns p
      where u.patterns ? p.pattern) e
    where u.replaced_at is null
      and not exists (select from coffee.day_counts d
        where d.person_id = u.person_id and d.day = u.day and d.machine_id = u.machine_id)
      and not exists (select from coffee.usage_days d
        where d.person_id = u.person_id and d.zone = 'UTC' and d.day = u.day and d.machine_id = u.machine_id)
  ) c
  where exists (select from priv.principals me where me.login = session_user)
  group by 1, 2;
comment on view analytics.phrase_totals is 'Messages by UTC day and listed pattern over everybody; with an empty pattern, all messages. What a machine recorded goes before what was uploaded for it.';

create view analytics.phrase_days with (security_invoker) as
  select c.person_id, c.day, c.machine_id, c.pattern, sum(c.messages)::bigint as messages, bool_or(c.uploaded) as uploaded
  from (
    select d.person_id, d.day, d.machine_id, d.pattern, d.messages, false as uploaded from coffee.day_counts d
    union all
    select d.person_id, d.day, d.machine_id, '', d.calls, false from coffee.usage_days d where d.zone = 'UTC'
    union all
    select u.person_id, u.day, u.machine_id, e.name, e.messages, true
    from coffee.day_uploads u
    cross join lateral (
      select '' as name, u.total_messages as messages
      union all
      select t.key, t.value::bigint from jsonb_each_text(u.patterns) t) e
    where u.replaced_at is null
      and not exists (select from coffee.day_counts d
        where d.person_id = u.person_id and d.day = u.day and d.machine_id = u.machine_id)
      and not exists (select from coffee.usage_days d
        where d.person_id = u.person_id and d.zone = 'UTC' and d.day = u.day and d.machine_id = u.machine_id)
  ) c
  group by 1, 2, 3, 4;
comment on view analytics.phrase_days is 'The caller''s own messages by UTC day, machine and pattern (empty: all messages).';

create view analytics.phrase_names with (security_barrier) as
  select p.pattern, p.display_name from coffee.phrase_patterns p
  where exists (select from priv.principals me where me.login = session_user);
comment on view analytics.phrase_names is 'What the listed patterns are called.';

create view analytics.phrase_marks with (security_barrier) as
  select n.day, n.note from coffee.phrase_notes n
  where exists (select from priv.principals me where me.login = session_user);
comment on view analytics.phrase_marks is 'What the charts of phrases mark, by UTC day.';

grant select on analytics.usage_totals to coffee_dashboard, coffee_slackbot;
grant select on analytics.phrase_totals, analytics.phrase_names, analytics.phrase_marks to coffee_dashboard, coffee_user;
grant select on analytics.team_usage, analytics.phrase_days to coffee_user;
-- A view's functions run with the caller's rights.
grant execute on function priv.model_name(text) to coffee_dashboard, coffee_slackbot, coffee_user;
