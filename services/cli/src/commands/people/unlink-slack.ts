import { endSlackLinks } from '@coffee-roadmap/shared/slack/link-queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';

export function registerUnlinkSlack(people: Command, context: Context): void {
  addVerb(people, 'unlink-slack', 'no Slack account speaks for you any more', {
    examples: ['people unlink-slack'],
  }).action((options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const links = await endSlackLinks(session);
      out.result({ links }, () =>
        links === 0
          ? 'No Slack account was linked to you; a code that was not used yet is void now.'
          : 'Unlinked. Nothing said in Slack counts as yours any more.',
      );
    }),
  );
}
