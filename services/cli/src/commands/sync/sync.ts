import { AppError } from '@coffee-roadmap/shared/errors';
import { knownRemotes } from '@coffee-roadmap/shared/remotes/known-remotes';
import { parseRemoteName } from '@coffee-roadmap/shared/remotes/remote-name';
import type { Command } from 'commander';
import { addVerb, wholeNumber, yesOption } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { holdInterrupts } from '../../interrupts';
import { bringUpToDate } from '../recompute/bring-up-to-date';
import { installAgents } from './install';
import { pullAll } from './pull-all';
import { failureOf, syncDocument } from './remote-outcome';
import { renderOutcomes } from './render-outcomes';

export interface SyncOptions extends CommonOptions {
  parallel: number;
  install?: boolean;
  replace?: boolean;
}

export function registerSync(program: Command, context: Context): void {
  addVerb(program, 'sync [remotes...]', 'fetch what other machines recorded, over ssh', {
    examples: ['sync devbox', 'sync devbox ada@laptop --parallel 2', 'sync --install devbox'],
  })
    .option('--parallel <n>', 'so many at once; ssh then asks for no passphrase', wholeNumber(1), 1)
    .option('--install', 'first copy there what a machine needs to be asked')
    .option('--replace', 'this name means another machine from now on')
    .addOption(yesOption())
    .action((named: string[], options: SyncOptions) =>
      withOwnSession(context, options, async (session, out) => {
        const remotes = chooseRemotes(context, named);
        const interrupts = holdInterrupts();
        try {
          if (options.install === true) await installAgents(context, remotes, interrupts.signal);
          const { signal } = interrupts;
          const outcomes = await pullAll({ context, options, session, remotes, signal });
          const days = signal.aborted ? 0 : await bringUpToDate(context, session);
          const document = { ...syncDocument(outcomes), recomputed_days: days };
          out.result(document, () => renderOutcomes(out, outcomes));
          interrupts.check('What came is imported; the next sync goes on from there.');
          const failure = failureOf(outcomes);
          if (failure !== undefined) throw failure;
        } finally {
          interrupts.end();
        }
      }),
    );
}

/** Those that are named, else all that were ever fetched from. */
function chooseRemotes(context: Context, named: readonly string[]): string[] {
  if (named.length > 0) return [...new Set(named.map(parseRemoteName))];
  const known = Object.entries(knownRemotes(context.config().paths))
    .filter(([, { last_success_at }]) => last_success_at !== null)
    .map(([name]) => parseRemoteName(name));
  if (known.length > 0) return known.sort();
  throw new AppError('invalid_input', 'no machine was ever fetched from here', {
    hint: 'Name one, as you would to ssh: coffee-roadmap sync devbox',
  });
}
