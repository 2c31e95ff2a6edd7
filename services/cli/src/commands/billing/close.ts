import { parseMonth } from '@coffee-roadmap/shared/billing/month';
import { closeMonth } from '@coffee-roadmap/shared/billing/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type Context } from '../../context';
import { selectTeam } from '../../select-team';
import { stripEscapes } from '../../terminal/strip-escapes';
import type { BillingOptions } from './read-report';

export function registerClose(billing: Command, context: Context): void {
  addVerb(billing, 'close', 'close a month before its days of grace are over', {
    examples: ['billing close --month 2026-10'],
  })
    .requiredOption('--month <month>', 'the month, such as 2026-10')
    .option('--team <name>', 'the team; needed where you manage several')
    .action((options: BillingOptions) =>
      withSession(context, options, async (session, out) => {
        const team = await selectTeam(session, options.team);
        const changed = await closeMonth(session, team.id, parseMonth(options.month).first);
        out.result({ team: team.name, month: options.month, changed }, () =>
          [
            `${options.month} of ${stripEscapes(team.name)} is ${changed ? 'closed' : 'closed already'}.`,
            'What is published of it from now on is a new version with a reason.',
          ].join('\n'),
        );
      }),
    );
}
