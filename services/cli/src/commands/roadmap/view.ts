import { listNotifications } from '@coffee-roadmap/shared/notifications/queries';
import { listAttempts, listLastSteps } from '@coffee-roadmap/shared/roadmap/queries';
import type { Command } from 'commander';
import { addVerb, projectOption, wholeNumber, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { selectItem } from '../../select-item';
import { notificationDocument } from '../notifications/notification-document';
import { attemptDocument, stepDocument } from './attempt-document';
import { itemDocument } from './item-document';
import { renderItem } from './render-item';

interface ViewOptions extends ProjectOptions {
  steps: number;
}

export function registerView(roadmap: Command, context: Context): void {
  addVerb(roadmap, 'view <item>', 'one priority: text, attempts, open question, last steps', {
    examples: ['roadmap view 2.5', 'roadmap view US-062 --steps 50'],
  })
    .addOption(projectOption())
    .option('--steps <n>', 'how many of the last steps', wholeNumber(), 8)
    .action((number: string, options: ViewOptions) =>
      withSession(context, options, async (session, out) => {
        const { project, item } = await selectItem(session, context, number, options);
        const attempts = await listAttempts(session, item.id);
        const last = attempts[0];
        const [steps, questions] = await Promise.all([
          last === undefined ? [] : listLastSteps(session, last.id, options.steps),
          listNotifications(session, { itemId: item.id, projectId: project.id, open: true }),
        ]);
        const document = {
          ...itemDocument(item, project.name),
          attempts: attempts.map(attemptDocument),
          questions: questions.map(notificationDocument),
          last_steps: steps.map(stepDocument),
        };
        out.result(document, () =>
          renderItem(out, { project: project.name, item, attempts, steps, questions }),
        );
      }),
    );
}
