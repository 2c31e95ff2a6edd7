import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { requireGistSettings } from '@coffee-roadmap/shared/gist/settings';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withOwnSession, type Context } from '../../context';
import { pullDocument, pullOnce, pullText } from './pull';
import { formatOption, pushDocument, pushOnce, type GistPushOptions } from './push';
import { pushText } from './words';

export function registerGistSync(gist: Command, context: Context): void {
  addVerb(gist, 'sync', 'push, then pull', { examples: ['gist sync'] })
    .addOption(formatOption())
    .option('--no-collect', 'do not read the transcripts first')
    .action((options: GistPushOptions) => {
      const { paths } = context.config();
      const settings = requireGistSettings(paths);
      requireIdentity(paths);
      return withOwnSession(context, options, async (session, out) => {
        const pushed = await pushOnce(context, settings, options);
        const pulled = await pullOnce(context, settings, session, pushed.after);
        out.result({ push: pushDocument(pushed), pull: pullDocument(pulled) }, () =>
          [pushText(pushed), pullText(pulled)].join('\n'),
        );
      });
    });
}
