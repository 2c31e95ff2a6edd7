import { blockItem } from '@coffee-roadmap/shared/roadmap/queries';
import type { Command } from 'commander';
import { addVerb, projectOption, type ProjectOptions } from '../../command';
import { withSession, type Context } from '../../context';
import { selectItem } from '../../select-item';
import { stripEscapes } from '../../terminal/strip-escapes';
import { itemDocument } from './item-document';

export function registerBlock(roadmap: Command, context: Context): void {
  addVerb(roadmap, 'block <item> [reason...]', 'no daemon takes it; what runs is ended', {
    examples: ['roadmap block 4 "waits for the new logo"'],
  })
    .addOption(projectOption())
    .action((number: string, reason: string[], options: ProjectOptions) =>
      withSession(context, options, async (session, out) => {
        const { project, item } = await selectItem(session, context, number, options);
        const blocked = await blockItem(session, item.id, reason.join(' '));
        out.result(itemDocument(blocked, project.name), () =>
          [
            `Blocked: ${blocked.number}. ${stripEscapes(blocked.title)}`,
            `coffee-roadmap daemon retry ${blocked.number} plans it again.`,
          ].join('\n'),
        );
      }),
    );
}
