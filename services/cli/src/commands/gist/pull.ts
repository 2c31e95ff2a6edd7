import type { PullSharedEnd } from '@coffee-roadmap/shared/gist/shared-remote';
import { pullShared } from '@coffee-roadmap/shared/gist/shared-remote';
import { requireGistSettings, type GistSettings } from '@coffee-roadmap/shared/gist/settings';
import type { Snapshot } from '@coffee-roadmap/shared/gist/store';
import type { Session } from '@coffee-roadmap/shared/db/session';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { withProgress } from '../../terminal/progress';
import { VERSION } from '../../version';
import { renderCounts } from '../import/render-counts';
import { refusedText } from './words';

export function registerGistPull(gist: Command, context: Context): void {
  addVerb(gist, 'pull', 'all machines’ records come into your database', {
    examples: ['gist pull', 'gist pull --json'],
  }).action((options: CommonOptions) => {
    const settings = requireGistSettings(context.config().paths);
    return withOwnSession(context, options, async (session, out) => {
      const end = await pullOnce(context, settings, session);
      out.result(pullDocument(end), () => pullText(end));
    });
  });
}

export function pullOnce(
  context: Context,
  settings: GistSettings,
  session: Session<'person'>,
  snapshot?: Snapshot,
): Promise<PullSharedEnd> {
  return withProgress(context.streams.stderr, 'pulling', (progress) =>
    pullShared(context.config(), settings, session, {
      programVersion: VERSION,
      ...(snapshot && { snapshot }),
      onProgress: (count) => progress.update(`pulling: ${count} records`),
    }),
  );
}

export const pullDocument = ({ counts, machines, refused }: PullSharedEnd): object => ({
  ...counts,
  machines: machines.map(({ machineId, label, shards }) => ({ id: machineId, label, shards })),
  refused_files: refused,
});

export function pullText({ counts, machines, refused }: PullSharedEnd): string {
  const from = `From ${machines.length} machine${machines.length === 1 ? '' : 's'}: `;
  return [from + renderCounts(counts), refusedText(refused)].filter(Boolean).join('\n');
}
