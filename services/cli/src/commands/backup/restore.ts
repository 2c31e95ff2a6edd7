import { parseErasures } from '@coffee-roadmap/shared/audit/anchor';
import type { NamedLogin, RestoredLogins } from '@coffee-roadmap/db/backup/logins';
import { findBackup } from '@coffee-roadmap/shared/backups/list-backups';
import { restoreBackup } from '@coffee-roadmap/shared/backups/restore-backup';
import type { Command } from 'commander';
import path from 'node:path';
import { addVerb } from '../../command';
import type { Context } from '../../context';
import { readText } from '../../read-text';
import { withProgress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';
import { withServer } from '../../with-server';
import { count } from '../../words';
import { placeOf, placeOption, type PlaceOptions } from './place';
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
    .option('--erasures <file>', 'erase again whom this file of anchors names')
    .action(async (wanted: string, { erasures, ...options }: RestoreOptions) => {
      const folder = findBackup(placeOf(context, options), wanted);
      const erased = erasures === undefined ? [] : parseErasures(await readText(context, erasures));
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
        const { manifest, tables, rows, logins, migrations, erasedAgain } = restored;
        const { othersProblem, unread } = restored;
        const document = {
          ...documentOf(manifest),
          backup: path.basename(folder),
          database,
          proven_equal: true,
          logins_made: logins.made,
          logins_kept: logins.kept,
          logins_left_out: logins.leftOut,
          databases_unread: unread,
          migrations_applied: migrations,
          erased_again: erasedAgain,
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
            ...(erasedAgain === 0
              ? []
              : [`Erased again ${count(erasedAgain, 'person', 'people')} who had come back.`]),
            ...(othersProblem === null
              ? []
              : [`Not restored, what is not ours: ${stripEscapes(othersProblem)}.`]),
            ...(erasures === undefined
              ? [
                  'Other backups beside it and databases there were asked who was erased since.',
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

/** Which logins work from now on, by name: an admin has to know. */
function loginLines({ made, kept, leftOut }: RestoredLogins, passwords: boolean): string[] {
  return [
    ...(made.length === 0 ? [] : [`Made ${count(made.length, 'login')}: ${namesOf(made)}.`]),
    ...(kept === 0
      ? []
      : [`${count(kept, 'login was', 'logins were')} there already: passwords stay as they are.`]),
    ...(passwords || made.length === 0
      ? []
      : ['They have no passwords: coffee-roadmap people rotate-password NAME.']),
    ...(leftOut.length === 0
      ? []
      : [
          `Made none for ${namesOf(leftOut)}: removed since. To take their names out, too:`,
          '  coffee-roadmap people remove NAME',
        ]),
  ];
}

const NAMED = 20;

function namesOf(logins: NamedLogin[]): string {
  const names = logins
    .slice(0, NAMED)
    .map(({ kind, name }) => stripEscapes(kind === 'person' ? name : `${name} (${kind})`));
  const more = logins.length - names.length;
  return more === 0 ? names.join(', ') : `${names.join(', ')} and ${more} more (--json)`;
}
