-- Parents of traces and of what is in them stay; functions/reported.sql says why that is no foreign key.
create trigger reported after delete or update of id on coffee.projects for each row
  execute function priv.keep_parents_of_reported('project_id', 'id', 'traces', 'generations', 'spans', 'events', 'scores', 'trace_event_ids');
create trigger reported after delete or update of id on priv.principals for each row
  execute function priv.keep_parents_of_reported('daemon_id', 'id', 'traces', 'generations', 'spans', 'events', 'scores');
create trigger reported after delete or update of id on coffee.attempts for each row
  execute function priv.keep_parents_of_reported('attempt_id', 'id', 'traces', 'generations', 'spans', 'events', 'scores');
create trigger reported after delete or update of id on coffee.roadmap_items for each row
  execute function priv.keep_parents_of_reported('item_id', 'id', 'traces', 'generations');
create trigger reported after delete or update of version on coffee.price_versions for each row
  execute function priv.keep_parents_of_reported('pricing_version', 'version', 'generations');
