import { AppError } from '@coffee-roadmap/shared/errors';
import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { parseRecordId } from '@coffee-roadmap/shared/records/record-id';
import { exportRecords } from '@coffee-roadmap/shared/spool/export';
import { serveExport } from '@coffee-roadmap/shared/spool/serve-export';
import { once } from 'node:events';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { VERSION } from '../../version';
import { collectOnce } from './open-collector';

interface ExportOptions extends CommonOptions {
  after?: string;
  collect: boolean;
  handshake?: boolean;
}

export function registerExport(program: Command, context: Context): void {
  addVerb(program, 'export', 'write this machine’s records, one a line', {
    examples: ['export > records.jsonl', 'export --after ID | gzip'],
    ndjson: true,
  })
    .option('--after <id>', 'only what came behind this record; from the start if it is unknown')
    .option('--no-collect', 'do not read the transcripts first')
    .option('--handshake', 'for sync: say who this is, read from where on, then write it packed')
    .action(async (options: ExportOptions) => {
      const { paths } = context.config();
      const identity = requireIdentity(paths);
      const { after } = options;
      if (options.handshake === true) {
        const { stdin: input, stdout: output } = context.streams;
        const collect = (): Promise<unknown> =>
          options.collect ? collectOnce(context) : Promise.resolve();
        return serveExport({ paths, identity, programVersion: VERSION, input, output, collect });
      }
      if (after !== undefined && parseRecordId(after) === undefined) {
        throw new AppError('invalid_input', '--after is no record’s id', {
          hint: 'It looks like MACHINE:SOURCE:TYPE:TIME:REST, as an export gives it.',
        });
      }
      if (options.collect) await collectOnce(context);
      const { stdout } = context.streams;
      let isHeader = true;
      for (const piece of exportRecords({ paths, identity, after, programVersion: VERSION })) {
        if (!stdout.write(piece)) await once(stdout, 'drain');
        if (isHeader && piece.includes('"after_found":false'))
          context.streams.stderr.write('note: that record is unknown here; starting anew\n');
        isHeader = false;
      }
    });
}
