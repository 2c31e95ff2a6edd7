import { getNotification } from '@coffee-roadmap/shared/notifications/queries';
import { expireNotifications } from '@coffee-roadmap/shared/questions/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { notificationDocument } from './notification-document';
import { parseNotificationId } from './parse-id';
import { renderQuestion } from './render-question';

export function registerShow(notifications: Command, context: Context): void {
  addVerb(notifications, 'show <id>', 'one of them in full', {
    examples: ['notifications show 12'],
  }).action((id: string, options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const number = parseNotificationId(id);
      await expireNotifications(session);
      const note = await getNotification(session, number);
      out.result(notificationDocument(note), () => renderQuestion(out, note, new Date()));
    }),
  );
}
