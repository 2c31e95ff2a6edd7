import { resetDaemons } from '@coffee-roadmap/shared/daemons/queries';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import { addVerb, yesOption } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';

const QUESTION =
  'Empty what is the daemons’ own (leases, pauses, logs)? The roadmap stays; work that runs starts anew.';

export function registerReset(daemon: Command, context: Context): void {
  addVerb(daemon, 'reset', 'empty the daemons’ own books; no shared row changes', {
    examples: ['daemon reset --yes'],
  })
    .addOption(yesOption())
    .action((options: CommonOptions) =>
      withSession(context, options, async (session, out) => {
        if (!(await context.prompt(options).confirm(QUESTION))) {
          throw new AppError('failed', 'nothing was reset', { hint: 'Answer y, or pass --yes.' });
        }
        await resetDaemons(session);
        out.result({ reset: true }, () => 'Reset. Daemons that run begin anew at once.');
      }),
    );
}
