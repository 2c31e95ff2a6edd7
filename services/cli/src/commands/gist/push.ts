import { AppError } from '@coffee-roadmap/shared/errors';
import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { openStore } from '@coffee-roadmap/shared/gist/open-store';
import { ownFiles, readRemote } from '@coffee-roadmap/shared/gist/read-remote';
import { requireGistSettings, type GistSettings } from '@coffee-roadmap/shared/gist/settings';
import { pushShared } from '@coffee-roadmap/shared/gist/shared-remote';
import type { PushEnd } from '@coffee-roadmap/shared/gist/push';
import { countRecords } from '@coffee-roadmap/shared/shards/machine-entry';
import { Option, type Command } from 'commander';
import { addVerb, yesOption } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { withProgress } from '../../terminal/progress';
import { collectOnce } from '../collect/open-collector';
import { conflictText, placeOf, pushText, records } from './words';

export interface GistPushOptions extends CommonOptions {
  force?: boolean;
  format?: 'v1';
  collect: boolean;
}

export function registerGistPush(gist: Command, context: Context): void {
  addVerb(gist, 'push', 'this machine’s records go to the gist or git remote', {
    examples: ['gist push', 'gist push --format v1'],
  })
    .option('--force', 'put this machine’s spool in place of its files there; says what goes')
    .addOption(formatOption())
    .addOption(yesOption())
    .option('--no-collect', 'do not read the transcripts first')
    .action(async (options: GistPushOptions) => {
      const out = context.output(options);
      const settings = requireGistSettings(context.config().paths);
      requireIdentity(context.config().paths);
      if (options.force === true) await confirmForce(context, settings, options);
      const end = await pushOnce(context, settings, options);
      out.result(pushDocument(end), () => pushText(end));
    });
}

export const formatOption = (): Option =>
  new Option('--format <version>', 'v1: write files of ccu’s version 1.0 too').choices(['v1']);

export async function pushOnce(
  context: Context,
  settings: GistSettings,
  options: GistPushOptions,
): Promise<PushEnd> {
  const out = context.output(options);
  if (options.collect) await collectOnce(context);
  if (context.streams.stderr.isTTY) out.say(`Pushing to ${placeOf(settings)}…`);
  return withProgress(context.streams.stderr, 'pushing', () =>
    pushShared(context.config(), settings, {
      force: options.force === true,
      v1: options.format === 'v1',
      onConflict: (conflict) => out.say(conflictText(conflict, settings)),
    }),
  );
}

export const pushDocument = (end: PushEnd): object => ({
  sent: end.sent,
  changed: end.changed,
  conflicts: end.conflicts,
  mended: end.mended,
  records: countRecords(end.entry),
  shards: end.entry.shards.length,
});

async function confirmForce(
  context: Context,
  settings: GistSettings,
  options: GistPushOptions,
): Promise<void> {
  const { paths } = context.config();
  const out = context.output(options);
  const { machine_id } = requireIdentity(paths);
  const snapshot = await (await openStore(context.config(), settings)).read();
  const remote = await readRemote(snapshot);
  const entry = remote.machines.find(({ machineId }) => machineId === machine_id)?.entry;
  const files = ownFiles(snapshot, machine_id);
  out.say(
    `This overwrites ${files.length} files of this machine there (${records(entry ? countRecords(entry) : 0)})\n` +
      'with what its spool holds now. What the spool has no more is lost there.\n' +
      'Other machines’ files stay. A push without --force loses nothing and is enough.',
  );
  if (await context.prompt(options).confirm('Overwrite them?')) return;
  throw new AppError('failed', 'cancelled', { hint: 'Nothing was changed.' });
}
