import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { pruneSpool } from '@coffee-roadmap/shared/spool/prune';
import { listSegments } from '@coffee-roadmap/shared/spool/segments';
import type { Command } from 'commander';
import { statSync } from 'node:fs';
import { addNoun, addVerb, collect } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { renderTable } from '../../terminal/table';
import { count } from '../../words';

export function registerSpool(program: Command, context: Context): void {
  const spool = addNoun(program, 'spool', 'what this machine has recorded', {
    examples: ['spool', 'spool prune --cursor ID --cursor ID'],
  });
  addVerb(spool, 'list', 'the files of the spool', {
    examples: ['spool list'],
    isDefault: true,
  }).action((options: CommonOptions) => {
    const { paths } = context.config();
    requireIdentity(paths);
    const segments = listSegments(paths).map(({ number, file }) => {
      const { size, mtime } = statSync(file);
      return { number, file, bytes: size, last_written_at: mtime.toISOString() };
    });
    const out = context.output(options);
    out.result({ segments }, () => {
      if (segments.length === 0) return 'The spool is empty: coffee-roadmap collect fills it.';
      const columns = [
        { title: 'Segment', align: 'right' as const },
        { title: 'MB', align: 'right' as const },
        { title: 'Last written' },
      ];
      const rows = segments.map(({ number, bytes, last_written_at }) => [
        number,
        (bytes / 1e6).toFixed(1),
        last_written_at,
      ]);
      return renderTable(columns, rows, { width: out.width, paintTitle: out.colours.dim });
    });
  });
  addVerb(spool, 'prune', 'remove what every receiver has', {
    examples: ['spool prune --cursor ID --cursor ID'],
  })
    .option('--cursor <id>', 'the last record of a receiver; once for each', collect)
    .action((options: CommonOptions & { cursor?: string[] }) => {
      const { paths } = context.config();
      requireIdentity(paths);
      const { segments, bytes } = pruneSpool(paths, options.cursor ?? []);
      context
        .output(options)
        .result({ segments, bytes }, () =>
          segments === 0
            ? 'Nothing lies before all of the cursors; the last segment always stays.'
            : `Removed ${count(segments, 'segment')}, ${(bytes / 1e6).toFixed(1)} MB`,
        );
    });
}
