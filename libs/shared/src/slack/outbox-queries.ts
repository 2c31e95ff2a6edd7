import { sql, type Selectable } from 'kysely';
import type { Session } from '../db/session';
import type { CoffeeNotificationState, CoffeeSlackOutbox } from '../db/types.generated';

type Bot = Session<'slackbot'>;

/** One notification (or one day's digest) for one channel. */
export type OutboxRow = Selectable<CoffeeSlackOutbox>;

/** Where things go: by a project's id, else the default; null: nowhere. */
export interface Channels {
  default: string | null;
  projects: Record<string, string>;
}

/** Queues whatever is new; returns how many rows that made. */
export async function enqueueNotifications(session: Bot, channels: Channels): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coffee.slack_enqueue(${JSON.stringify(channels)}::jsonb) as count`.execute(session.db);
  return rows[0]!.count;
}

/** `day` as 2026-01-31. The same day and channel is queued once. */
export async function enqueueDigest(
  session: Bot,
  day: string,
  channels: string[],
): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select coffee.slack_enqueue_digest(${day}::date, ${channels}::text[]) as count`.execute(
    session.db,
  );
  return rows[0]!.count;
}

/** The next row to be posted, held by this instance for so long. `tries` counts this one. */
export async function claimOutboxRow(
  session: Bot,
  instance: string,
  leaseMs: number,
): Promise<OutboxRow | undefined> {
  const { rows } = await sql<OutboxRow>`
    select * from coffee.slack_claim(${instance}::uuid, ${leaseMs / 1000})`.execute(session.db);
  return rows[0];
}

/** False when the row is held by somebody else now. */
export async function recordPosted(
  session: Bot,
  instance: string,
  posted: { id: number; channel: string; ts: string; shown: CoffeeNotificationState | null },
): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`
    select coffee.slack_posted(${posted.id}, ${instance}::uuid, ${posted.channel}, ${posted.ts},
      ${posted.shown}::coffee.notification_state) as done`.execute(session.db);
  return rows[0]!.done;
}

/** The row becomes a line of the message of `leadId`. */
export async function joinOutboxRow(
  session: Bot,
  instance: string,
  id: number,
  leadId: number,
): Promise<boolean> {
  const { rows } = await sql<{ done: boolean }>`
    select coffee.slack_join(${id}, ${instance}::uuid, ${leadId}) as done`.execute(session.db);
  return rows[0]!.done;
}

/** Gives the row back until later; `delayMs` null: for good. */
export async function postponeOutboxRow(
  session: Bot,
  instance: string,
  row: { id: number; delayMs: number | null; problem: string },
): Promise<void> {
  await sql`select coffee.slack_postpone(${row.id}, ${instance}::uuid,
    ${row.delayMs === null ? null : row.delayMs / 1000}, ${row.problem})`.execute(session.db);
}

export async function recordShown(
  session: Bot,
  id: number,
  shown: CoffeeNotificationState,
): Promise<void> {
  await sql`select coffee.slack_shown(${id}, ${shown}::coffee.notification_state)`.execute(
    session.db,
  );
}

/** Questions whose message shows them open though they are not any more. */
export function listOutdated(session: Bot): Promise<OutboxRow[]> {
  return session.db
    .selectFrom('coffee.slack_outbox as o')
    .innerJoin('coffee.notifications as n', 'n.id', 'o.notification_id')
    .selectAll('o')
    .where('o.shown', '=', 'pending')
    .where('n.state', '<>', 'pending')
    .where('o.slack_ts', 'is not', null)
    .orderBy('o.id')
    .limit(100)
    .execute();
}

/** Milliseconds until the next queued row may be tried; null when none waits. */
export async function nextTryMs(session: Bot): Promise<number | null> {
  const { rows } = await sql<{ ms: number | null }>`
    select extract(epoch from min(greatest(o.retry_at, o.claimed_until)) - clock_timestamp())
      ::double precision * 1000 as ms
    from coffee.slack_outbox o where o.state = 'queued'`.execute(session.db);
  return rows[0]?.ms ?? null;
}

/**
 * The message that another line can be added to: the last one in the channel, of notifications that
 * ask nothing, begun less than `withinMs` ago.
 */
export async function findLead(
  session: Bot,
  channel: string,
  withinMs: number,
  most: number,
): Promise<OutboxRow | undefined> {
  const { rows } = await sql<OutboxRow>`
    select l.* from (
      select o.*, n.kind from coffee.slack_outbox o
      left join coffee.notifications n on n.id = o.notification_id
      where o.channel = ${channel} and o.state = 'posted' and o.lead_id is null
      order by o.posted_at desc, o.id desc limit 1) l
    where l.kind in ('info', 'warning', 'completion')
      and l.posted_at > clock_timestamp() - make_interval(secs => ${withinMs / 1000})
      and (select count(*) from coffee.slack_outbox m where m.lead_id = l.id) + 1 < ${most}
  `.execute(session.db);
  return rows[0];
}

/** The notifications that a message consists of, its own first. */
export async function listLines(session: Bot, leadId: number): Promise<number[]> {
  const rows = await session.db
    .selectFrom('coffee.slack_outbox')
    .select('notification_id')
    .where((eb) => eb.or([eb('id', '=', leadId), eb('lead_id', '=', leadId)]))
    .where('state', '<>', 'dropped')
    .orderBy('id')
    .execute();
  return rows.flatMap((row) => (row.notification_id === null ? [] : [row.notification_id]));
}

/** What was posted as this message, for replies in its thread. */
export function findByMessage(
  session: Bot,
  channel: string,
  ts: string,
): Promise<OutboxRow | undefined> {
  return session.db
    .selectFrom('coffee.slack_outbox')
    .selectAll()
    .where('slack_channel', '=', channel)
    .where('slack_ts', '=', ts)
    .where('lead_id', 'is', null)
    .executeTakeFirst();
}

/** Clocks differ, ours and Slack's. */
const CLOCK_SLACK_S = 120;

/** Whether a message of this time may be one of ours that is in the channel but not written down yet. */
export async function isBeingPosted(session: Bot, channel: string, ts: string): Promise<boolean> {
  const { rows } = await sql<{ posting: boolean }>`
    select exists (
      select from coffee.slack_outbox o
      where o.state = 'queued' and o.channel = ${channel} and o.lead_id is null
        and o.first_try_at < to_timestamp(${ts}::double precision + ${CLOCK_SLACK_S})
    ) as posting`.execute(session.db);
  return rows[0]!.posting;
}

export function findOutboxRow(session: Bot, id: number): Promise<OutboxRow | undefined> {
  return session.db
    .selectFrom('coffee.slack_outbox')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
}
