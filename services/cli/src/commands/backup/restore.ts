import { parseErasures } from '@coffee-roadmap/shared/audit/anchor';
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
        const { manifest, tables, rows, loginsMade, migrations, erasedAgain } = restored;
        const { othersProblem } = restored;
        const document = {
          ...documentOf(manifest),
          backup: path.basename(folder),
          database,
          proven_equal: true,
          logins_made: loginsMade,
          migrations_applied: migrations,
          erased_again: erasedAgain,
          others_problem: othersProblem,
        };
        out.result(document, () => {
          const kept = manifest.logins.logins - loginsMade;
          return [
            `Restored ${stripEscapes(path.basename(folder))} as ${stripEscapes(database)}.`,
            `All ${count(tables, 'table')} are proven equal, row by row: ${count(rows, 'row')}.`,
            `Made ${count(loginsMade, 'login')}${kept === 0 ? '' : `; ${kept} were there already, and keep their passwords`}.`,
            ...(manifest.logins.passwords || loginsMade === 0
              ? []
              : ['They have no passwords: coffee-roadmap people rotate-password NAME.']),
            ...(migrations === 0 ? [] : [`Applied ${count(migrations, 'newer migration')}.`]),
            ...(erasedAgain === 0
              ? []
              : [`Erased again ${count(erasedAgain, 'person', 'people')} who had come back.`]),
            ...(othersProblem === null
              ? []
              : [`Not restored, what is not ours: ${stripEscapes(othersProblem)}.`]),
            ...(erasures === undefined
              ? [
                  'Newer backups beside it were asked who was erased since. Anchors know more:',
                  '  coffee-roadmap erase-me --replay FILE',
                ]
              : []),
            ...(server.own && options.database === undefined ? ['npm start goes on with it.'] : []),
          ].join('\n');
        });
      });
    });
}
