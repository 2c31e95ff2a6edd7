import {
  lastNotificationId,
  listNotifications,
  listNotificationsById,
  type Notification,
} from '@coffee-roadmap/shared/notifications/queries';
import type { Session } from '@coffee-roadmap/shared/db/session';
import type { Command } from 'commander';
import { addVerb, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { follow } from '../../follow';
import { selectProject } from '../../select-project';
import { renderChange } from './render-change';
import { notificationDocument } from './notification-document';

export function registerWatch(notifications: Command, context: Context): void {
  addVerb(notifications, 'watch', 'open questions, and then all that is asked, told and answered', {
    examples: ['notifications watch', 'notifications watch --json | jq .title'],
    ndjson: true,
  })
    .addOption(projectOption().default(undefined, 'all'))
    .action((options: ProjectOptions) =>
      withSession(context, options, async (session, out) => {
        const project =
          options.project === undefined
            ? undefined
            : await selectProject(session, context, options.project);
        const look = createLook(session, project?.id);
        await follow(session, {
          channels: ['coffee_notifications'],
          say: out.say,
          refresh: async () => {
            for (const note of await look()) {
              out.event(notificationDocument(note), () => renderChange(out, note, new Date()));
            }
            return undefined;
          },
        });
      }),
    );
}

/** Rows become visible in the order of their commits, which is not that of their ids. */
const OVERLAP = 200;

/** Each call gives what is new or has changed its state since the one before, by id. */
export function createLook(
  session: Session,
  projectId: string | undefined,
): () => Promise<Notification[]> {
  const seen = new Map<number, Notification['state']>();
  let last: number | undefined;

  return async () => {
    const from = last ?? (await lastNotificationId(session));
    const recent = { projectId, after: Math.max(0, from - OVERLAP), limit: 2_000 };
    const rows = await listNotifications(session, recent);
    const listed = new Set(rows.map((row) => row.id));
    const open = [...seen].flatMap(([id, state]) => (state === 'pending' ? [id] : []));
    rows.push(
      ...(last === undefined
        ? (await listNotifications(session, { projectId, open: true })).filter(
            (row) => !listed.has(row.id),
          )
        : await listNotificationsById(
            session,
            open.filter((id) => !listed.has(id)),
          )),
    );
    // At first only what is open is news: the rest happened before anybody watched.
    const isNews = (row: Notification): boolean =>
      last === undefined
        ? row.state === 'pending' || row.id > from
        : seen.get(row.id) !== row.state;
    const news = rows.filter(isNews).sort((a, b) => a.id - b.id);
    for (const row of rows) seen.set(row.id, row.state);
    last = Math.max(from, ...rows.map((row) => row.id));
    for (const [id, state] of seen) {
      if (id <= last - OVERLAP && state !== 'pending') seen.delete(id);
    }
    return news;
  };
}
