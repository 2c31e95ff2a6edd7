import { listBackups, listBaseBackups } from '@coffee-roadmap/shared/backups/list-backups';
import { rowsOf, sizeOf } from '@coffee-roadmap/shared/backups/manifest';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { Context } from '../../context';
import { ago } from '../../terminal/ago';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { placeOf, placeOption, type PlaceOptions } from './place';
import { bytesText, documentOf } from './words';

export function registerList(backup: Command, context: Context): void {
  addVerb(backup, 'list', 'those that there are, the newest first', {
    examples: ['backup list', 'backup list --in /mnt/disk/backups'],
    isDefault: true,
  })
    .addOption(placeOption())
    .action(async (options: PlaceOptions) => {
      const out = context.output(options);
      const place = placeOf(context, options);
      const backups = listBackups(place);
      const base = await listBaseBackups(place);
      const document = {
        folder: place,
        backups: backups.map(({ name, folder, manifest, problem }) => ({
          name,
          folder,
          ...(manifest === undefined ? {} : documentOf(manifest)),
          problem: problem ?? null,
        })),
        base_backups: base.map(({ name, bytes, at }) => ({ name, bytes, at })),
      };
      const now = new Date();
      out.result(document, () => {
        if (backups.length + base.length === 0) {
          return `There is none in ${stripEscapes(place)}: coffee-roadmap backup create makes one.`;
        }
        const table = renderTable(
          [
            { title: 'BACKUP' },
            { title: 'MADE' },
            { title: 'ROWS', align: 'right' as const },
            { title: 'SIZE', align: 'right' as const },
            { title: 'STATE', flexible: true, min: 8 },
          ],
          [
            ...backups.map(({ name, manifest, problem }) => [
              name,
              ...(manifest === undefined
                ? ['', '', '']
                : [
                    ago(new Date(manifest.made_at), now),
                    rowsOf(manifest),
                    bytesText(sizeOf(manifest)),
                  ]),
              problem === undefined ? 'complete' : 'damaged',
            ]),
            ...base.map(({ name, bytes, at }) => [
              stripEscapes(name),
              ago(at, now),
              '',
              bytesText(bytes),
              'by pg_basebackup',
            ]),
          ],
          { width: out.width, paintTitle: out.colours.dim },
        );
        return base.length === 0
          ? table
          : `${table}\nHow to check and restore one by pg_basebackup: docs/compose.md.`;
      });
    });
}
