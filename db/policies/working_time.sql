-- Sessions, folders, streams, tags, assignments, days and intervals: nobody but the person sees them,
-- manager, admin, agent and daemon included; functions/time_marks.sql, streams.sql and time_days.sql write.
-- Days and intervals are deleted when they are computed anew, and tags by their person.
alter table coffee.agent_sessions enable row level security;
alter table coffee.agent_sessions force row level security;
alter table coffee.work_folders enable row level security;
alter table coffee.work_folders force row level security;
alter table coffee.streams enable row level security;
alter table coffee.streams force row level security;
alter table coffee.stream_tags enable row level security;
alter table coffee.stream_tags force row level security;
alter table coffee.stream_assignments enable row level security;
alter table coffee.stream_assignments force row level security;
alter table coffee.time_days enable row level security;
alter table coffee.time_days force row level security;
alter table coffee.time_intervals enable row level security;
alter table coffee.time_intervals force row level security;

grant select, insert, update on coffee.agent_sessions, coffee.work_folders, coffee.streams,
  coffee.stream_assignments to coffee_api;
grant select, insert, delete on coffee.stream_tags, coffee.time_intervals to coffee_api;
grant select, insert, update, delete on coffee.time_days to coffee_api;
create policy api on coffee.agent_sessions to coffee_api using (true) with check (true);
create policy api on coffee.work_folders to coffee_api using (true) with check (true);
create policy api on coffee.streams to coffee_api using (true) with check (true);
create policy api on coffee.stream_tags to coffee_api using (true) with check (true);
create policy api on coffee.stream_assignments to coffee_api using (true) with check (true);
create policy api on coffee.time_days to coffee_api using (true) with check (true);
create policy api on coffee.time_intervals to coffee_api using (true) with check (true);

grant select on coffee.agent_sessions, coffee.work_folders, coffee.streams, coffee.stream_tags,
  coffee.stream_assignments, coffee.time_days, coffee.time_intervals to coffee_user;
create policy own on coffee.agent_sessions for select to coffee_user
  using (person_id = (select priv.me()));
create policy own on coffee.work_folders for select to coffee_user
  using (person_id = (select priv.me()));
create policy own on coffee.streams for select to coffee_user
  using (person_id = (select priv.me()));
create policy own on coffee.stream_tags for select to coffee_user
  using (person_id = (select priv.me()));
create policy own on coffee.stream_assignments for select to coffee_user
  using (person_id = (select priv.me()));
create policy own on coffee.time_days for select to coffee_user
  using (person_id = (select priv.me()));
create policy own on coffee.time_intervals for select to coffee_user
  using (person_id = (select priv.me()));
