-- What a person published, for that person, the managers of the team and the auditor. functions/publishing.sql
-- writes, for the person alone. Links are nobody else's business: not even a manager's.
alter table coffee.project_links enable row level security;
alter table coffee.project_links force row level security;
alter table coffee.published_summaries enable row level security;
alter table coffee.published_summaries force row level security;
alter table coffee.published_lines enable row level security;
alter table coffee.published_lines force row level security;
alter table coffee.published_months enable row level security;
alter table coffee.published_months force row level security;
alter table coffee.publications enable row level security;
alter table coffee.publications force row level security;
alter table coffee.publisher_beats enable row level security;
alter table coffee.publisher_beats force row level security;

grant select, insert, update, delete on coffee.project_links, coffee.published_summaries to coffee_api;
grant select, insert, delete on coffee.published_lines, coffee.published_months to coffee_api;
grant select, insert on coffee.publications, coffee.publisher_beats to coffee_api;
create policy api on coffee.project_links to coffee_api using (true) with check (true);
create policy api on coffee.published_summaries to coffee_api using (true) with check (true);
create policy api on coffee.published_lines to coffee_api using (true) with check (true);
create policy api on coffee.published_months to coffee_api using (true) with check (true); -- read by functions alone
create policy api on coffee.publications to coffee_api using (true) with check (true);
create policy api on coffee.publisher_beats to coffee_api using (true) with check (true);

grant select on coffee.project_links, coffee.published_summaries, coffee.published_lines,
  coffee.publications, coffee.publisher_beats to coffee_user;
create policy own on coffee.project_links for select to coffee_user using (person_id = (select priv.me()));
create policy own on coffee.published_summaries for select to coffee_user using (person_id = (select priv.me()));
create policy own on coffee.published_lines for select to coffee_user using (person_id = (select priv.me()));
create policy own on coffee.publications for select to coffee_user using (person_id = (select priv.me()));
create policy own on coffee.publisher_beats for select to coffee_user using (person_id = (select priv.me()));

grant select on coffee.published_summaries, coffee.published_lines, coffee.publications,
  coffee.publisher_beats to coffee_manager;
create policy managers on coffee.published_summaries for select to coffee_manager
  using (team_id = any ((select priv.my_managed_teams())::uuid[]));
create policy managers on coffee.published_lines for select to coffee_manager
  using (team_id = any ((select priv.my_managed_teams())::uuid[]));
create policy managers on coffee.publications for select to coffee_manager
  using (team_id = any ((select priv.my_managed_teams())::uuid[]));
create policy managers on coffee.publisher_beats for select to coffee_manager
  using (team_id = any ((select priv.my_managed_teams())::uuid[]));

grant select on coffee.published_summaries, coffee.published_lines to coffee_auditor;
create policy auditor on coffee.published_summaries for select to coffee_auditor
  using ((select priv.me()) is not null);
create policy auditor on coffee.published_lines for select to coffee_auditor
  using ((select priv.me()) is not null);

create trigger keep_published before update or delete on coffee.published_summaries
  for each row execute function priv.keep_published();
create trigger keep_published before update or delete on coffee.published_lines
  for each row execute function priv.keep_published();
create constraint trigger publish_in_time after insert on coffee.published_summaries
  deferrable initially deferred for each row execute function priv.publish_in_time();
create trigger never_truncated before truncate on coffee.published_summaries
  for each statement execute function priv.append_only();
create trigger never_truncated before truncate on coffee.published_lines
  for each statement execute function priv.append_only();
