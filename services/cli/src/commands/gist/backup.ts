import { AppError } from '@coffee-roadmap/shared/errors';
import { createBackup, listBackups, restoreBackup } from '@coffee-roadmap/shared/gist/backups';
import { openStore } from '@coffee-roadmap/shared/gist/open-store';
import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { requireGistSettings } from '@coffee-roadmap/shared/gist/settings';
import type { CompareAndSwapStore } from '@coffee-roadmap/shared/gist/store';
import { countRecords } from '@coffee-roadmap/shared/shards/machine-entry';
import type { Command } from 'commander';
import path from 'node:path';
import { addNoun, addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { withProgress } from '../../terminal/progress';
import { renderTable } from '../../terminal/table';
import { pushOnce } from './push';
import { refusedText } from './words';

const NONE = 'There is none yet: coffee-roadmap gist backup create makes one.';

export function registerBackup(gist: Command, context: Context): void {
  const backup = addNoun(gist, 'backup', 'earlier days of what is shared', {
    examples: ['gist backup list', 'gist backup restore 2026-03-01 --to ./restored'],
  });
  const open = (): Promise<CompareAndSwapStore> =>
    openStore(context.config(), requireGistSettings(context.config().paths));
  addVerb(backup, 'create', 'push, and make sure that today can be restored', {
    examples: ['gist backup create'],
  }).action(async (options: CommonOptions) => {
    const out = context.output(options);
    const { paths } = context.config();
    const { machine_id } = requireIdentity(paths);
    await pushOnce(context, requireGistSettings(paths), { ...options, collect: true });
    const made = await createBackup(await open(), machine_id, new Date());
    out.result(made, () => `${made.date} can be restored (version ${made.version.slice(0, 12)}).`);
  });
  addVerb(backup, 'list', 'the days that can be restored', {
    examples: ['gist backup list'],
    isDefault: true,
  }).action(async (options: CommonOptions) => {
    const out = context.output(options);
    const backups = (
      await withProgress(context.streams.stderr, 'reading what is there', async () =>
        listBackups(await open()),
      )
    ).map(({ date, at, version, entries }) => ({
      date,
      at,
      version,
      records: entries?.reduce((sum, entry) => sum + countRecords(entry), 0) ?? null,
    }));
    out.result({ backups }, () =>
      backups.length === 0
        ? NONE
        : renderTable(
            [{ title: 'DATE' }, { title: 'STATE OF' }, { title: 'VERSION' }],
            backups.map(({ date, at, version }) => [date, at, version.slice(0, 12)]),
            { width: out.width, paintTitle: out.colours.dim },
          ),
    );
  });
  addVerb(backup, 'restore <date>', 'that day’s files, checked by their hashes, into a folder', {
    examples: ['gist backup restore 2026-03-01 --to ./restored'],
  })
    .requiredOption('--to <folder>', 'empty or not there yet; nothing else is touched')
    .action(async (date: string, options: CommonOptions & { to: string }) => {
      const out = context.output(options);
      if (!/^\d{4}-\d\d-\d\d$/.test(date))
        throw new AppError('invalid_input', 'a day is written as in 2026-03-01', {
          hint: 'coffee-roadmap gist backup list shows those that there are.',
        });
      const folder = path.resolve(options.to);
      const restored = await withProgress(context.streams.stderr, 'restoring', async () => {
        const store = await open();
        // Without a change on that day its state is that of the last one before.
        const found = (await listBackups(store)).find((one) => one.date <= date);
        if (found === undefined)
          throw new AppError('not_found', `nothing of ${date} or earlier is there`, {
            hint: 'coffee-roadmap gist backup list shows the days that there are.',
          });
        return { ...(await restoreBackup(store, found, folder)), of: found.at };
      });
      const { files, bytes, refused, of } = restored;
      out.result({ folder, of, files, bytes, refused_files: refused }, () =>
        [
          `${files.length} files (${bytes} bytes), as they were at ${of}, are in ${folder}.`,
          refusedText(refused),
        ]
          .filter(Boolean)
          .join('\n'),
      );
      if (refused.length > 0)
        throw new AppError('failed', `${refused.length} files were not restored`, {
          hint: 'They are damaged there; another day may have them whole.',
        });
    });
}
