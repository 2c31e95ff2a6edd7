-- audit.*: one reads one's own entries, the auditor all. Not even coffee_api changes or removes one.
alter table audit.entries enable row level security;
alter table audit.entries force row level security;
alter table audit.payloads enable row level security;
alter table audit.payloads force row level security;
alter table audit.unsealed enable row level security;
alter table audit.unsealed force row level security;

grant select, insert on audit.entries, audit.payloads, audit.unsealed to coffee_api;
create policy api_reads on audit.entries for select to coffee_api using (true);
create policy api_writes on audit.entries for insert to coffee_api with check (true);
create policy api_reads on audit.payloads for select to coffee_api using (true);
create policy api_writes on audit.payloads for insert to coffee_api with check (true);
create policy api_reads on audit.unsealed for select to coffee_api using (true);
create policy api_writes on audit.unsealed for insert to coffee_api with check (true);
-- Whoever seals takes them out.
grant delete on audit.unsealed to coffee_api;
create policy api_removes on audit.unsealed for delete to coffee_api using (true);

grant select on audit.entries, audit.payloads to coffee_user, coffee_auditor;
grant select on audit.unsealed to coffee_auditor;
create policy own on audit.entries for select to coffee_user using (actor_id = (select priv.me()));
create policy own on audit.payloads for select to coffee_user using (actor_id = (select priv.me()));
create policy auditor on audit.entries for select to coffee_auditor using ((select priv.me()) is not null);
create policy auditor on audit.payloads for select to coffee_auditor using ((select priv.me()) is not null);
create policy auditor on audit.unsealed for select to coffee_auditor using ((select priv.me()) is not null);

create trigger append_only before update or delete on audit.entries
  for each row execute function priv.append_only();
create trigger never_truncated before truncate on audit.entries
  for each statement execute function priv.append_only();

-- A payload goes where an erasure names it, and nowhere else.
alter table audit.erasures enable row level security;
alter table audit.erasures force row level security;
alter table audit.erased_payloads enable row level security;
alter table audit.erased_payloads force row level security;
grant select, insert on audit.erasures, audit.erased_payloads to coffee_api;
create policy api_reads on audit.erasures for select to coffee_api using (true);
create policy api_writes on audit.erasures for insert to coffee_api with check (true);
create policy api_reads on audit.erased_payloads for select to coffee_api using (true);
create policy api_writes on audit.erased_payloads for insert to coffee_api with check (true);
grant delete on audit.payloads to coffee_api;
create policy api_erases on audit.payloads for delete to coffee_api
  using (entry_id in (select x.entry_id from audit.erased_payloads x));
grant select on audit.erasures, audit.erased_payloads to coffee_auditor;
create policy auditor on audit.erasures for select to coffee_auditor using ((select priv.me()) is not null);
create policy auditor on audit.erased_payloads for select to coffee_auditor using ((select priv.me()) is not null);
create trigger append_only before update or delete on audit.erasures
  for each row execute function priv.append_only();
create trigger never_truncated before truncate on audit.erasures
  for each statement execute function priv.append_only();
create trigger append_only before update or delete on audit.erased_payloads
  for each row execute function priv.append_only();
create trigger never_truncated before truncate on audit.erased_payloads
  for each statement execute function priv.append_only();

-- The seals carry no person and no text.
alter table audit.seals enable row level security;
alter table audit.seals force row level security;
alter table audit.sealed enable row level security;
alter table audit.sealed force row level security;
grant select, insert on audit.seals, audit.sealed to coffee_api;
create policy api_reads on audit.seals for select to coffee_api using (true);
create policy api_writes on audit.seals for insert to coffee_api with check (true);
create policy api_reads on audit.sealed for select to coffee_api using (true);
create policy api_writes on audit.sealed for insert to coffee_api with check (true);
grant select on audit.seals, audit.sealed to coffee_auditor;
create policy auditor on audit.seals for select to coffee_auditor using ((select priv.me()) is not null);
create policy auditor on audit.sealed for select to coffee_auditor using ((select priv.me()) is not null);

create trigger append_only before update or delete on audit.seals
  for each row execute function priv.append_only();
create trigger never_truncated before truncate on audit.seals
  for each statement execute function priv.append_only();
create trigger append_only before update or delete on audit.sealed
  for each row execute function priv.append_only();
create trigger never_truncated before truncate on audit.sealed
  for each statement execute function priv.append_only();
