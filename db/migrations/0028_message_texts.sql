-- What people wrote to their agents and what those answered, where its person has turned that on.

create table coffee.message_texts (
  person_id uuid not null,
  line_uuid text collate "C" not null check (line_uuid ~ '^[\x21-\x7e]{1,200}$'),
  machine_id uuid not null,
  at timestamptz not null,
  role text collate "C" not null check (role in ('user', 'assistant')),
  message_id text collate "C" check (message_id ~ '^[\x21-\x7e]{1,200}$'),
  session_id text collate "C" check (session_id ~ '^[\x21-\x7e]{1,200}$'),
  text text collate "C" not null check (length(text) between 1 and 8000 and text !~ '[\u0001-\u0008\u000b-\u001f\u007f-\u009f]'),
  imported_at timestamptz not null default now(),
  primary key (person_id, line_uuid),
  foreign key (person_id, machine_id) references coffee.machines (person_id, id) on delete restrict
);
create index message_texts_at on coffee.message_texts (person_id, at);
create index message_texts_machine on coffee.message_texts (person_id, machine_id);
comment on table coffee.message_texts is 'Texts of messages, from machines on which their person turned that on. For that person alone.';
comment on column coffee.message_texts.text is 'At most 8,000 characters; secrets were masked on the machine.';
