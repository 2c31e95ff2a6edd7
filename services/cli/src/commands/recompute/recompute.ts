import { forgetTime } from '@coffee-roadmap/shared/time/recompute/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { count } from '../../words';
import { bringUpToDate } from './bring-up-to-date';
import { handOver } from './hand-over';

interface RecomputeOptions extends CommonOptions {
  all?: boolean;
}

export function registerRecompute(program: Command, context: Context): void {
  addVerb(program, 'recompute', 'compute your working time of the days that changed', {
    examples: ['recompute', 'recompute --all'],
  })
    .option('--all', 'every day from nothing; the result is the same')
    .action((options: RecomputeOptions) =>
      withOwnSession(context, options, async (session, out) => {
        await handOver(context, session);
        if (options.all === true) await forgetTime(session);
        const days = await bringUpToDate(context, session);
        out.result({ days }, () =>
          days === 0 ? 'Nothing has changed.' : `${count(days, 'day')} computed.`,
        );
      }),
    );
}
