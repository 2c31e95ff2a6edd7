import { recordExport } from '@coffee-roadmap/shared/audit/queries';
import {
  exportPerson,
  FORMAT,
  type ExportSummary,
  type ExportTarget,
} from '@coffee-roadmap/shared/portability/export-person';
import { once } from 'node:events';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import { withSession, type CommonOptions, type Context } from '../../context';
import { startProgress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';
import { count } from '../../words';
import { openFolder } from './write-folder';

export function registerExportMe(program: Command, context: Context): void {
  addVerb(program, 'export-me <folder>', 'everything that is kept about you, as JSON and CSV', {
    examples: ['export-me ~/my-data', 'export-me - | gzip > my-data.jsonl.gz'],
  }).action((folder: string, options: CommonOptions) =>
    withSession(context, options, async (session, out) => {
      const about = { person: session.me.id, exported_at: new Date().toISOString() };
      const progress = startProgress(context.streams.stderr, 'reading what is yours');
      const run = (target: ExportTarget): Promise<ExportSummary> =>
        exportPerson(session, target, (table, rows) => progress.update(`${table}: ${rows} rows`));
      try {
        if (folder === '-') {
          await recordExport(session, 'person', { to: 'stream' });
          await writeLine(context, JSON.stringify({ format: FORMAT, ...about }));
          const { rows } = await run(streamTo(context));
          return await writeLine(context, JSON.stringify({ rows }));
        }
        const target = openFolder(folder);
        await recordExport(session, 'person', { to: 'folder' });
        const { tables, rows } = await run(target);
        await target.finish(about);
        progress.stop();
        out.result({ folder, ...about, rows, tables }, () =>
          [
            `${count(rows, 'row')} of ${count(tables.length, 'table')} are in ${stripEscapes(folder)}.`,
            'export.json says what is in which file.',
          ].join('\n'),
        );
      } finally {
        progress.stop();
      }
    }),
  );
}

/** Lines `{"table": …, "row": …}`. */
function streamTo(context: Context): ExportTarget {
  let table = '';
  return {
    begin: (header) => {
      table = JSON.stringify(header.table);
      return Promise.resolve();
    },
    rows: (rows) =>
      writeLine(context, rows.map(({ json }) => `{"table":${table},"row":${json}}`).join('\n')),
    end: () => Promise.resolve(),
  };
}

async function writeLine({ streams: { stdout } }: Context, text: string): Promise<void> {
  if (!stdout.write(`${text}\n`)) await once(stdout, 'drain');
}
