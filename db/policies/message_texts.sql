-- Texts of messages: nobody but their person reads them, manager, admin, agent and daemon included;
-- functions/text_import.sql writes. They are deleted when their person takes them back.
alter table coffee.message_texts enable row level security;
alter table coffee.message_texts force row level security;

grant select, insert, update, delete on coffee.message_texts to coffee_api;
create policy api on coffee.message_texts to coffee_api using (true) with check (true);

grant select on coffee.message_texts to coffee_user;
create policy own on coffee.message_texts for select to coffee_user
  using (person_id = (select priv.me()));
