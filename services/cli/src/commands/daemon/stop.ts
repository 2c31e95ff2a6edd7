import { stopItem } from '@coffee-roadmap/shared/roadmap/queries';
import type { Command } from 'commander';
import { addVerb, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { selectItem } from '../../select-item';
import { stripEscapes } from '../../terminal/strip-escapes';
import { itemDocument } from '../roadmap/item-document';

export function registerStop(daemon: Command, context: Context): void {
  addVerb(daemon, 'stop <item>', 'end the attempt that runs; the priority is blocked then', {
    examples: ['daemon stop 2.5'],
  })
    .addOption(projectOption())
    .action((number: string, options: ProjectOptions) =>
      withSession(context, options, async (session, out) => {
        const { project, item } = await selectItem(session, context, number, options);
        const stopped = await stopItem(session, item.id);
        out.result(itemDocument(stopped, project.name), () =>
          [
            `Stopped: ${stopped.number}. ${stripEscapes(stopped.title)}`,
            `coffee-roadmap daemon retry ${stopped.number} lets a daemon begin again.`,
          ].join('\n'),
        );
      }),
    );
}
