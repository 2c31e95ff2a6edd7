import { listDaemons } from '@coffee-roadmap/shared/daemons/queries';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { listProjects } from '@coffee-roadmap/shared/projects/queries';
import { lastChangeId, listChangesAfter } from '@coffee-roadmap/shared/roadmap/changes-queries';
import { follow } from '../../follow';
import type { Output } from '../../output';
import { wantedAgents } from '../daemon/render-daemon';
import { notificationDocument } from '../notifications/notification-document';
import { createLook } from '../notifications/watch';
import { changeDocument, renderChange } from './render-change';
import { createDaemonLook, daemonEventDocument, renderDaemonEvent } from './daemon-events';
import { renderNotification } from './render-notification';

/** Shows questions, moves of priorities and what daemons do as it happens, until Ctrl-C. */
export async function showFeed(
  session: Session<'person'>,
  out: Output,
  options: { since: Date; signal: AbortSignal },
): Promise<void> {
  let last = await lastChangeId(session);
  const look = createLook(session, undefined);
  const lookAtDaemons = createDaemonLook(options.since);
  const told: string[] = [];

  await follow(session, {
    channels: ['coffee_roadmap', 'coffee_notifications', 'coffee_control', 'coffee_progress'],
    say: out.say,
    signal: options.signal,
    refresh: async () => {
      const projects = await listProjects(session);
      const wanted = wantedAgents(projects);
      const several = projects.length > 1;
      for (;;) {
        const changes = await listChangesAfter(session, last);
        if (changes.length === 0) break;
        for (const change of changes) {
          last = change.id;
          out.event(changeDocument(change), () => renderChange(out, change, several));
        }
      }
      for (const note of await look()) {
        const document = { type: 'notification', ...notificationDocument(note) };
        out.event(document, () => renderNotification(out, note, new Date(), several));
        const [reason = ''] = note.message.split('\n');
        if (note.kind === 'warning' && reason !== '') told.push(reason);
      }
      for (const event of lookAtDaemons(await listDaemons(session), wanted)) {
        // An agent that is missing was told by a notification, but only the first time.
        const troubles = event.troubles.filter(
          (line) => !told.some((reason) => line.endsWith(reason)),
        );
        out.event(daemonEventDocument(event), () => renderDaemonEvent(out, { ...event, troubles }));
      }
      return undefined;
    },
  });
}
