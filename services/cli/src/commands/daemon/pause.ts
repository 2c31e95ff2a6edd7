import { pauseDaemons } from '@coffee-roadmap/shared/daemons/queries';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { count } from '../../words';

export function registerPause(daemon: Command, context: Context): void {
  addVerb(daemon, 'pause [name]', 'take nothing new and hold what runs; all, or one by name', {
    examples: ['daemon pause', 'daemon pause builder'],
  }).action((name: string | undefined, options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const paused = await pauseDaemons(session, name ?? null, true);
      out.result({ paused }, () =>
        [
          `Paused ${count(paused, 'daemon')}.`,
          'coffee-roadmap daemon resume lets them go on.',
        ].join('\n'),
      );
    }),
  );
}
