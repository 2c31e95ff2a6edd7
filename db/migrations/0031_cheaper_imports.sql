-- What an import paid for with each record, and nobody asked for.

-- No query is by this.
drop index coffee.activity_events_imported;

-- Looked up for every event. The person of an event is the one who reports, and has a row in coffee.machines
-- for each of its machines, which goes before nobody.
alter table coffee.activity_events drop constraint activity_events_person_id_fkey;
comment on column coffee.activity_events.person_id is 'Of priv.principals, by way of coffee.machines: a foreign key would look it up for every row.';

-- What the import bounds each by is far below, and no row was let in that would not pass: nothing has to be
-- put together and counted for it.
alter table coffee.usage_records drop constraint usage_records_check1,
  add constraint usage_records_texts check (greatest(octet_length(request_id), octet_length(line_uuid),
    octet_length(session_id), octet_length(agent_id), octet_length(model), octet_length(speed),
    octet_length(folder), octet_length(git_branch), octet_length(version)) <= 24000);
