-- Who people are in Slack, what was posted there, and for whom a transaction acts.

create table coffee.slack_links (
  id bigint generated always as identity primary key,
  person_id uuid not null references priv.principals (id) on delete restrict,
  slack_team_id text not null check (slack_team_id ~ '^[A-Z0-9]{1,32}$'),
  slack_user_id text not null check (slack_user_id ~ '^[A-Z0-9]{1,32}$'),
  slack_user_name text check (length(slack_user_name) <= 200),
  linked_at timestamptz not null default now(),
  ended_at timestamptz
);
create unique index slack_links_live_user on coffee.slack_links (slack_team_id, slack_user_id)
  where ended_at is null;
create unique index slack_links_live_person on coffee.slack_links (person_id, slack_team_id)
  where ended_at is null;
create index slack_links_person on coffee.slack_links (person_id, id);
comment on column coffee.slack_links.slack_team_id is 'Slack''s id of the workspace that the account belongs to.';

create table priv.slack_codes (
  person_id uuid primary key references priv.principals (id) on delete restrict,
  code_hash bytea not null unique check (length(code_hash) = 32),
  expires_at timestamptz not null,
  used_at timestamptz
);
comment on table priv.slack_codes is 'The last one-time code of each person, hashed; a new one voids the one before.';

create table priv.acting (
  transaction xid8 primary key,
  person_id uuid not null references priv.principals (id) on delete restrict
);
create index acting_person on priv.acting (person_id);
comment on table priv.acting is 'For whom the bot''s transaction acts, only while a function of ours does it: never committed.';

create type coffee.slack_delivery as enum ('queued', 'posted', 'dropped');

create table coffee.slack_outbox (
  id bigint generated always as identity primary key,
  notification_id bigint references coffee.notifications (id) on delete restrict,
  digest_day date,
  channel text not null check (length(channel) between 1 and 100),
  lead_id bigint references coffee.slack_outbox (id) on delete restrict,
  state coffee.slack_delivery not null default 'queued',
  instance uuid,
  claimed_until timestamptz,
  tries integer not null default 0,
  first_try_at timestamptz,
  retry_at timestamptz not null default now(),
  problem text check (length(problem) <= 2000),
  slack_channel text check (length(slack_channel) <= 100),
  slack_ts text check (length(slack_ts) <= 100),
  posted_at timestamptz,
  shown coffee.notification_state,
  created_at timestamptz not null default now(),
  unique (notification_id, channel),
  unique (digest_day, channel),
  check ((notification_id is null) <> (digest_day is null)),
  check ((state = 'posted') = (slack_ts is not null and slack_channel is not null and posted_at is not null))
);
create index slack_outbox_queued on coffee.slack_outbox (id) where state = 'queued';
create index slack_outbox_lead on coffee.slack_outbox (lead_id);
create index slack_outbox_message on coffee.slack_outbox (slack_channel, slack_ts);
create index slack_outbox_open on coffee.slack_outbox (notification_id) where shown = 'pending';
comment on table coffee.slack_outbox is 'One row for each notification and channel, there before anything is posted: what was posted is found again by its id.';
comment on column coffee.slack_outbox.channel is 'As configured; slack_channel is what Slack calls it.';
comment on column coffee.slack_outbox.lead_id is 'The row whose message this one is a line of; null: a message of its own.';
comment on column coffee.slack_outbox.tries is 'Above 0 and not posted: it may be in the channel all the same.';
comment on column coffee.slack_outbox.shown is 'The notification''s state as the message shows it.';

alter table coffee.slack_interactions add column slack_team_id text
  check (length(slack_team_id) between 1 and 32);
create index slack_interactions_user on coffee.slack_interactions (slack_user_id, id);
create index notifications_created on coffee.notifications (created_at);
