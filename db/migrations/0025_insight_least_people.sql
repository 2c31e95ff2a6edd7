-- Two teams' sums may not differ by fewer people than either of them wants to have told of.
alter table priv.insight_people add column least_people integer not null default 5 check (least_people between 3 and 1000);
alter table priv.insight_people no force row level security;
alter table coffee.granularities no force row level security;
update priv.insight_people i set least_people = coalesce((
  select g.least_people from coffee.granularities g
  where g.team_id = i.team_id and g.from_month <= i.first_day order by g.from_month desc limit 1), 5);
alter table priv.insight_people alter column least_people drop default;
comment on column priv.insight_people.least_people is 'What the team wanted when this was decided.';
