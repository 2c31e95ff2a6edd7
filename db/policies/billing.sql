-- Settings of a team's billing: its members see what leaves their machines, rates only their own; managers
-- all of their teams. functions/billing_settings.sql and bills.sql write, for managers. A rate and a bill are
-- never deleted.
alter table coffee.granularities enable row level security;
alter table coffee.granularities force row level security;
alter table coffee.billing_settings enable row level security;
alter table coffee.billing_settings force row level security;
alter table coffee.rates enable row level security;
alter table coffee.rates force row level security;
alter table coffee.bills enable row level security;
alter table coffee.bills force row level security;
alter table coffee.bill_lines enable row level security;
alter table coffee.bill_lines force row level security;
alter table coffee.closed_months enable row level security;
alter table coffee.closed_months force row level security;

grant select, insert, update on coffee.granularities, coffee.billing_settings, coffee.rates to coffee_api;
grant select, insert on coffee.bills, coffee.bill_lines, coffee.closed_months to coffee_api;
create policy api on coffee.granularities to coffee_api using (true) with check (true);
create policy api on coffee.billing_settings to coffee_api using (true) with check (true);
create policy api on coffee.rates to coffee_api using (true) with check (true);
create policy api on coffee.bills to coffee_api using (true) with check (true);
create policy api on coffee.bill_lines to coffee_api using (true) with check (true);
create policy api on coffee.closed_months to coffee_api using (true) with check (true);

grant select on coffee.granularities, coffee.billing_settings, coffee.rates, coffee.bill_lines,
  coffee.closed_months to coffee_user;
create policy members on coffee.granularities for select to coffee_user
  using (team_id = any ((select priv.my_teams())::uuid[]));
create policy members on coffee.billing_settings for select to coffee_user
  using (project_id = any ((select priv.my_projects())::uuid[]));
create policy members on coffee.closed_months for select to coffee_user
  using (team_id = any ((select priv.my_teams())::uuid[]));
create policy own on coffee.rates for select to coffee_user
  using (person_id = (select priv.me()));
create policy own on coffee.bill_lines for select to coffee_user
  using (person_id = (select priv.me()));

grant select on coffee.bills, coffee.rates, coffee.bill_lines to coffee_manager;
create policy managers on coffee.rates for select to coffee_manager
  using (project_id in (select p.id from coffee.projects p where p.team_id = any ((select priv.my_managed_teams())::uuid[])));
create policy managers on coffee.bills for select to coffee_manager
  using (team_id = any ((select priv.my_managed_teams())::uuid[]));
create policy managers on coffee.bill_lines for select to coffee_manager
  using (team_id = any ((select priv.my_managed_teams())::uuid[]));
