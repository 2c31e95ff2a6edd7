import { createBackup } from '@coffee-roadmap/shared/backups/create-backup';
import { keepBackups } from '@coffee-roadmap/shared/backups/keep-backups';
import { rowsOf, sizeOf } from '@coffee-roadmap/shared/backups/manifest';
import { verifyBackup } from '@coffee-roadmap/shared/backups/verify-backup';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import { addVerb, wholeNumber } from '../../command';
import type { Context } from '../../context';
import { withProgress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';
import { withServer } from '../../with-server';
import { count } from '../../words';
import { placeOf, placeOption, type PlaceOptions } from './place';
import { bytesText, documentOf, missingIn, showPart } from './words';

interface CreateOptions extends PlaceOptions {
  keep?: number;
  days?: number;
}

export function registerCreate(backup: Command, context: Context): void {
  addVerb(backup, 'create', 'write one of this moment, while everybody works', {
    examples: ['backup create', 'backup create --in /mnt/disk/backups --keep 14'],
  })
    .addOption(placeOption())
    .option('--keep <n>', 'then remove older ones of this database but so many', wholeNumber(1))
    .option('--days <n>', 'then remove those that are older, never the newest', wholeNumber(1))
    .action(({ keep, days, ...options }: CreateOptions) =>
      withServer(context, { make: false }, async ({ url }) => {
        const out = context.output(options);
        const place = placeOf(context, options);
        const now = new Date();
        const { made, removed } = await withProgress(
          context.streams.stderr,
          'connecting to the database',
          async (progress) => {
            const onProgress = showPart(progress);
            const programs = { searchPath: context.config().env.path };
            const created = await createBackup({ url, place, programs, now, onProgress });
            const { findings } = await verifyBackup(created.folder, onProgress);
            if (findings.length > 0) {
              const { file, problem } = findings[0]!;
              throw new AppError(
                'failed',
                `it reads otherwise than it was written: ${file} ${problem}`,
                {
                  hint: 'Look after that disk, and name another folder with --in. Older ones are kept.',
                },
              );
            }
            const gone = keepBackups(place, created.manifest, { keep, days }, now);
            return { made: created, removed: gone };
          },
        );
        const { name, folder, manifest } = made;
        out.result({ name, folder, ...documentOf(manifest), removed }, () =>
          [
            `${stripEscapes(folder)}`,
            `${count(rowsOf(manifest), 'row')} of ${count(manifest.tables.length, 'table')}, ${count(manifest.logins.logins, 'login')}, ${bytesText(sizeOf(manifest))}; read again and found whole.`,
            ...missingIn(manifest),
            ...(removed.length === 0 ? [] : [`Removed ${count(removed.length, 'older one')}.`]),
            'Copy it to another machine. It is as private as the database itself.',
          ].join('\n'),
        );
      }),
    );
}
