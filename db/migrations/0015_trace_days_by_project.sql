-- Under row-level security the planner does not know how few projects a person has, and took the index
-- that reads everybody's days. This one serves both.
drop index coffee.trace_days_zone;
create index trace_days_zone on coffee.trace_days (zone, project_id, day);
