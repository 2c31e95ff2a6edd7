import { findBackup, isBaseBackup, listBackups } from '@coffee-roadmap/shared/backups/list-backups';
import { rowsOf } from '@coffee-roadmap/shared/backups/manifest';
import { verifyBackup } from '@coffee-roadmap/shared/backups/verify-backup';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import path from 'node:path';
import { addVerb } from '../../command';
import type { Context } from '../../context';
import { withProgress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';
import { count } from '../../words';
import { placeOf, placeOption, type PlaceOptions } from './place';
import { documentOf, missingIn, showPart } from './words';

interface VerifyOptions extends PlaceOptions {
  all?: boolean;
}

export function registerVerify(backup: Command, context: Context): void {
  addVerb(backup, 'verify [backup]', 'read all of one: a name, a folder; else the newest', {
    examples: ['backup verify', 'backup verify --all', 'backup verify /mnt/disk/backups/NAME'],
  })
    .addOption(placeOption())
    .option('--all', 'every one that lies there')
    .action(async (wanted: string | undefined, { all, ...options }: VerifyOptions) => {
      const out = context.output(options);
      const place = placeOf(context, options);
      const folders =
        all === true && wanted === undefined
          ? listBackups(place).map(({ folder }) => folder)
          : [findBackup(place, wanted)];
      for (const folder of folders) await refuseBaseBackup(folder);
      const verdicts = await withProgress(
        context.streams.stderr,
        'reading the backup',
        async (progress) => {
          const onProgress = showPart(progress);
          const found = [];
          for (const folder of folders) {
            found.push({ folder, ...(await verifyBackup(folder, onProgress)) });
          }
          return found;
        },
      );
      const damaged = verdicts.filter(({ findings }) => findings.length > 0).length;
      const document = verdicts.map(({ folder, manifest, findings }) => ({
        name: path.basename(folder),
        folder,
        ok: findings.length === 0,
        ...(manifest === undefined ? {} : documentOf(manifest)),
        findings,
      }));
      out.result({ ok: damaged === 0, backups: document }, () =>
        verdicts
          .flatMap(({ folder, manifest, findings }) => {
            const name = stripEscapes(path.basename(folder));
            if (findings.length > 0) {
              return findings.map(({ file, problem }) =>
                stripEscapes(`${name}: ${file} ${problem}`),
              );
            }
            const read = `${count(rowsOf(manifest!), 'row')} of ${count(manifest!.tables.length, 'table')}`;
            return [`${name}: whole, ${read}.`, ...missingIn(manifest!)];
          })
          .join('\n'),
      );
      if (damaged === 0) return;
      throw new AppError('failed', `${count(damaged, 'backup is', 'backups are')} damaged`, {
        hint: 'Take another one (coffee-roadmap backup create), and look after that disk.',
      });
    });
}

async function refuseBaseBackup(file: string): Promise<void> {
  if (!(await isBaseBackup(file))) return;
  throw new AppError('invalid_input', `${stripEscapes(file)} was made by pg_basebackup`, {
    hint: 'pg_verifybackup checks it; docs/compose.md has the line.',
  });
}
