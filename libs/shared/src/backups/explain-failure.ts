import { TargetError, UnfinishedError } from '@coffee-roadmap/db/backup/target';
import { MigrationError } from '@coffee-roadmap/db/migration-error';
import { toAppError } from '../db/app-errors';
import { AppError } from '../errors';

const WHY: Record<TargetError['why'], (database: string, aside: string) => AppError> = {
  not_empty: (database) =>
    new AppError('conflict', `there is a database ${database} already, and it is not empty`, {
      hint: 'Nothing is written over: --database NAME restores beside it, --aside NAME renames it.',
    }),
  aside_taken: (_database, aside) =>
    new AppError('conflict', `there is a database ${aside} already`, {
      hint: 'Give another name with --aside NAME.',
    }),
  in_use: (database) =>
    new AppError('conflict', `somebody is connected to ${database}`, {
      hint: 'Stop what uses it (coffee-roadmap up, a daemon), and restore again.',
    }),
  busy: () =>
    new AppError('conflict', 'another restore is at work on this server', {
      hint: 'Wait for its end.',
    }),
  not_superuser: () =>
    new AppError('not_allowed', 'only a superuser restores', {
      hint: 'Set ADMIN_DATABASE_URL to the superuser’s URL of the server.',
    }),
};

/** Why a restore into `database` failed, and what to do. */
export function explainFailure(error: unknown, database: string, aside = ''): AppError {
  if (error instanceof UnfinishedError) {
    const { code, message, hint = '' } = explain(error.cause, database, aside);
    const left = `${error.database} is left of it; the next restore drops that.`;
    return new AppError(code, message, { hint: `${hint} ${left}`.trim(), cause: error.cause });
  }
  return explain(error, database, aside);
}

function explain(error: unknown, database: string, aside: string): AppError {
  if (error instanceof TargetError) return WHY[error.why](database, aside);
  if (error instanceof MigrationError) {
    const code = error.code === 'migration_failed' ? 'failed' : error.code;
    return new AppError(code, error.message, { hint: error.hint, cause: error });
  }
  const known = toAppError(error);
  if (known.hint !== undefined || known.code !== 'failed') return known;
  return new AppError('failed', known.message, {
    hint: 'Nothing was restored.',
    cause: error,
  });
}
