import { pauseDaemons } from '@coffee-roadmap/shared/daemons/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { count } from '../../words';

export function registerResume(daemon: Command, context: Context): void {
  addVerb(daemon, 'resume [name]', 'go on after a pause; all, or one by name', {
    examples: ['daemon resume'],
  }).action((name: string | undefined, options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const resumed = await pauseDaemons(session, name ?? null, false);
      out.result({ resumed }, () => `${count(resumed, 'daemon')} may go on.`);
    }),
  );
}
