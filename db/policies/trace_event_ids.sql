-- coffee.trace_event_ids: the functions' own.
alter table coffee.trace_event_ids enable row level security;
alter table coffee.trace_event_ids force row level security;

grant select, insert, update, delete on coffee.trace_event_ids to coffee_api;
create policy api on coffee.trace_event_ids to coffee_api using (true) with check (true);
