import {
  getNotification,
  listNotificationsById,
} from '@coffee-roadmap/shared/notifications/queries';
import { listProjectNames } from '@coffee-roadmap/shared/projects/queries';
import {
  findLead,
  findOutboxRow,
  joinOutboxRow,
  listLines,
  postponeOutboxRow,
  recordPosted,
  type OutboxRow,
} from '@coffee-roadmap/shared/slack/outbox-queries';
import { readDigest } from '@coffee-roadmap/shared/slack/reading-queries';
import { crashPoint } from '../crash-point';
import { renderDigest } from '../messages/digest';
import { isLine, MOST_LINES, renderLines } from '../messages/lines';
import type { Message } from '../messages/message';
import { mentions } from '../messages/question';
import { projectsOf } from './channels';
import { readCard, type DeliveryContext } from './context';

/** Posts what a claimed row asks for, unless it was posted before, and writes down where. */
export async function deliverRow(context: DeliveryContext, row: OutboxRow): Promise<void> {
  crashPoint('claimed');
  if (row.lead_id !== null) return addLine(context, row, row.lead_id);
  if (row.tries > 1 && (await wasPosted(context, row))) return;
  if (row.digest_day !== null) return post(context, row, await digestOf(context, row));
  const note = await getNotification(context.session, row.notification_id!);
  if (note.kind === 'question' && note.state !== 'pending') {
    // Nobody needs to see a question that is settled; the digest tells what became of it.
    await postponeOutboxRow(context.session, context.instance, {
      id: row.id,
      delayMs: null,
      problem: `${note.state} before it was posted`,
    });
    return;
  }
  if (!isLine(note)) {
    const { message } = await readCard(context.session, note.id, context.config.onCall);
    return post(context, row, message, note.state);
  }
  const lead = await findLead(context.session, row.channel, context.config.gatherMs, MOST_LINES);
  if (lead !== undefined && note.priority !== 'critical') {
    // Written down first: whoever takes over after a crash changes that message and posts no other.
    if (await joinOutboxRow(context.session, context.instance, row.id, lead.id)) {
      crashPoint('joined');
      return addLine(context, row, lead.id);
    }
  }
  return post(context, row, renderLines([note], mentions(context.config.onCall)), note.state);
}

async function wasPosted(context: DeliveryContext, row: OutboxRow): Promise<boolean> {
  const since = row.first_try_at ?? row.created_at;
  const found = await context.messages.find(row.channel, row.id, since);
  if (found === undefined) return false;
  // As it was posted then: pending. What changed since, the refresher finds.
  const note =
    row.notification_id === null
      ? undefined
      : await getNotification(context.session, row.notification_id);
  const shown = note === undefined ? null : note.kind === 'question' ? 'pending' : note.state;
  await recordPosted(context.session, context.instance, { id: row.id, ...found, shown });
  return true;
}

async function post(
  context: DeliveryContext,
  row: OutboxRow,
  message: Message,
  shown: 'pending' | 'posted' | 'answered' | 'timed_out' | 'withdrawn' | null = null,
): Promise<void> {
  const posted = await context.messages.post(row.channel, row.id, message);
  crashPoint('posted');
  await recordPosted(context.session, context.instance, { id: row.id, ...posted, shown });
  crashPoint('recorded');
}

async function addLine(context: DeliveryContext, row: OutboxRow, leadId: number): Promise<void> {
  const { session, instance } = context;
  const lead = await findOutboxRow(session, leadId);
  if (lead?.slack_channel == null || lead.slack_ts === null) {
    throw new Error(`outbox row ${row.id}: its message ${leadId} is not posted`);
  }
  const where = { channel: lead.slack_channel, ts: lead.slack_ts };
  const notes = await listNotificationsById(session, await listLines(session, leadId));
  await context.messages.update(where, leadId, renderLines(notes, mentions(context.config.onCall)));
  crashPoint('updated');
  await recordPosted(session, instance, { id: row.id, ...where, shown: 'posted' });
}

async function digestOf({ session, config }: DeliveryContext, row: OutboxRow): Promise<Message> {
  const projects = projectsOf(row.channel, await listProjectNames(session), config);
  const ids = projects.map((project) => project.id);
  return renderDigest(String(row.digest_day), await readDigest(session, ids, new Date()));
}
