import { newSlackCode } from '@coffee-roadmap/shared/slack/link-queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';

export function registerLinkSlack(people: Command, context: Context): void {
  addVerb(people, 'link-slack', 'a one-time code that lets your Slack account speak for you', {
    examples: ['people link-slack'],
  }).action((options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const { code, expires_at } = await newSlackCode(session);
      out.result({ code, command: `/roadmap link ${code}`, expires_at }, () =>
        [
          'Send this in Slack, from your own account, within 15 minutes:',
          '',
          `  /roadmap link ${code}`,
          '',
          'Whoever sends it speaks for you. The code works once; coffee-roadmap people',
          'unlink-slack takes it back.',
        ].join('\n'),
      );
    }),
  );
}
