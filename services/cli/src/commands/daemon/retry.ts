import { retryItem } from '@coffee-roadmap/shared/roadmap/queries';
import type { Command } from 'commander';
import { addVerb, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { selectItem } from '../../select-item';
import { stripEscapes } from '../../terminal/strip-escapes';
import { itemDocument } from '../roadmap/item-document';

export function registerRetry(daemon: Command, context: Context): void {
  addVerb(daemon, 'retry <item>', 'plan what is blocked again, or end its pause', {
    examples: ['daemon retry 2.5'],
  })
    .addOption(projectOption())
    .action((number: string, options: ProjectOptions) =>
      withSession(context, options, async (session, out) => {
        const { project, item } = await selectItem(session, context, number, options);
        const planned = await retryItem(session, item.id);
        out.result(
          itemDocument(planned, project.name),
          () => `Planned again: ${planned.number}. ${stripEscapes(planned.title)}`,
        );
      }),
    );
}
