import { reopenItem } from '@coffee-roadmap/shared/roadmap/queries';
import type { Command } from 'commander';
import { addVerb, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { selectItem } from '../../select-item';
import { stripEscapes } from '../../terminal/strip-escapes';
import { itemDocument } from './item-document';

export function registerReopen(roadmap: Command, context: Context): void {
  addVerb(roadmap, 'reopen <item> [comment...]', 'plan it again; the comment is for the agent', {
    examples: ['roadmap reopen 2.5 "The greeting has to be in French as well"'],
  })
    .addOption(projectOption())
    .action((number: string, comment: string[], options: ProjectOptions) =>
      withSession(context, options, async (session, out) => {
        const { project, item } = await selectItem(session, context, number, options);
        const reopened = await reopenItem(session, item.id, comment.join(' '));
        out.result(itemDocument(reopened, project.name), () =>
          [
            `Planned again: ${reopened.number}. ${stripEscapes(reopened.title)}`,
            reopened.feedback === null ? '' : 'The next attempt gets your comment.',
          ]
            .join('\n')
            .trim(),
        );
      }),
    );
}
