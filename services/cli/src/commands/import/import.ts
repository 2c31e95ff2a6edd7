import { AppError, messageOf } from '@coffee-roadmap/shared/errors';
import { importStream, requireComplete } from '@coffee-roadmap/shared/imports/import-stream';
import type { Command } from 'commander';
import { createReadStream } from 'node:fs';
import { addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { startProgress } from '../../terminal/progress';
import { renderCounts } from './render-counts';

export function registerImport(program: Command, context: Context): void {
  addVerb(
    program,
    'import <file>',
    'records of your machines, as export writes them; - reads stdin',
    {
      examples: ['import devbox.ndjson', 'export | ssh hub coffee-roadmap import -'],
    },
  ).action((file: string, options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      const input = file === '-' ? context.streams.stdin : createReadStream(file);
      const progress = startProgress(context.streams.stderr, 'importing');
      try {
        const result = await importStream({ session }, input, {
          road: 'file',
          onProgress: (records) => progress.update(`importing: ${records} records`),
        });
        progress.stop();
        const { counts, machines, complete } = result;
        out.result({ ...counts, machines, complete }, () => renderCounts(counts));
        requireComplete(result);
      } catch (error) {
        throw readable(file, error);
      } finally {
        progress.stop();
      }
    }),
  );
}

function readable(file: string, error: unknown): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall !== 'open' && syscall !== 'read') return error;
  return new AppError('invalid_input', `${file} cannot be read: ${code ?? messageOf(error)}`, {
    hint: 'Name a file that coffee-roadmap export wrote, or - for stdin.',
    cause: error,
  });
}
