import { findBackup } from '@coffee-roadmap/shared/backups/list-backups';
import type { ToldPerson } from '@coffee-roadmap/shared/backups/replay-departures';
import { restoreBackup } from '@coffee-roadmap/shared/backups/restore-backup';
import type { Command } from 'commander';
import path from 'node:path';
import { addVerb } from '../../command';
import type { Context } from '../../context';
import { readErased } from '../../read-erasures';
import { withProgress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';
import { withServer } from '../../with-server';
import { count } from '../../words';
import { placeOf, placeOption, type PlaceOptions } from './place';
import { leaverLines, loginLines } from './restored';
import { documentOf, showPart } from './words';

interface RestoreOptions extends PlaceOptions {
  database?: string;
  aside?: string;
  erasures?: string;
}

export function registerRestore(backup: Command, context: Context): void {
  addVerb(backup, 'restore <backup>', 'into a new database; nothing is written over', {
    examples: [
      'backup restore latest',
      'backup restore latest --database coffee_before',
      'backup restore latest --aside coffee_broken',
      'backup restore /mnt/backups/NAME --erasures ~/anchors.txt',
    ],
  })
    .addOption(placeOption())
    .option('--database <name>', 'under this name; default: that of the server’s URL')
    .option('--aside <name>', 'what is there keeps its rows under this name')
    .option('--erasures <file>', 'erase again whom this file of anchors, or backup, names')
    .action(async (wanted: string, { erasures, ...options }: RestoreOptions) => {
      const folder = findBackup(placeOf(context, options), wanted);
      const erased = erasures === undefined ? [] : await readErased(context, erasures);
      await withServer(context, { make: true }, async (server) => {
        const out = context.output(options);
        const database = options.database ?? server.database;
        const restored = await withProgress(
          context.streams.stderr,
          'reading the backup',
          (progress) =>
            restoreBackup({
              folder,
              url: server.url,
              database,
              aside: options.aside,
              erased,
              programs: { searchPath: context.config().env.path },
              onProgress: showPart(progress),
            }),
        );
        const { manifest, tables, rows, logins, migrations, othersProblem, unread } = restored;
        const document = {
          ...documentOf(manifest),
          backup: path.basename(folder),
          database,
          proven_equal: true,
          logins_made: logins.made,
          logins_kept: logins.kept,
          logins_left_out: restored.removedAgain,
          databases_unread: unread,
          migrations_applied: migrations,
          erased_again: restored.erasedAgain.length,
          people_erased: restored.erasedAgain.map(personOf),
          people_not_erased: restored.notErased.map(personOf),
          logins_not_ended: restored.loginsKept,
          others_problem: othersProblem,
        };
        out.result(document, () =>
          [
            `Restored ${stripEscapes(path.basename(folder))} as ${stripEscapes(database)}.`,
            `All ${count(tables, 'table')} are proven equal, row by row: ${count(rows, 'row')}.`,
            ...loginLines(logins, manifest.logins.passwords),
            ...unread.map(({ database: other, problem }) =>
              stripEscapes(`${other} did not say who was removed or erased since: ${problem}.`),
            ),
            ...(migrations === 0 ? [] : [`Applied ${count(migrations, 'newer migration')}.`]),
            ...leaverLines(restored, database === server.database),
            ...(othersProblem === null
              ? []
              : [`Not restored, what is not ours: ${stripEscapes(othersProblem)}.`]),
            ...(erasures === undefined
              ? [
                  'Other backups of it and databases there were asked who was erased since.',
                  'Anchors know more:',
                  '  coffee-roadmap erase-me --replay FILE',
                ]
              : []),
            ...(server.own && options.database === undefined ? ['npm start goes on with it.'] : []),
          ].join('\n'),
        );
      });
    });
}

function personOf({ person, name, toldBy }: ToldPerson): object {
  return { person, name, told_by: toldBy };
}
