import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { AppError, type ErrorCode } from '@coffee-roadmap/shared/errors';

/** Where the URL of a database comes from: ours, DATABASE_URL, config.json, ADMIN_DATABASE_URL. */
export type UrlSource = 'own' | 'environment' | 'file' | 'administrator';

const NAMES: Record<UrlSource, string> = {
  own: 'this machine’s own',
  environment: 'DATABASE_URL',
  file: 'config.json',
  administrator: 'ADMIN_DATABASE_URL',
};

const OTHERWISE: Record<UrlSource, string> = {
  own: 'coffee-roadmap doctor looks closer.',
  environment: 'or unset DATABASE_URL: npm start then brings up a database of its own.',
  file: 'or coffee-roadmap login to another one.',
  administrator: 'or unset ADMIN_DATABASE_URL: npm start then brings up a database of its own.',
};

const MAKE_READY =
  'Set ADMIN_DATABASE_URL to its superuser’s URL once: npm start then makes tables and logins.';

/**
 * The hints that errors of a database have anywhere else say "npm start", which is what is running
 * here: this says what to do about it instead.
 */
export function explainDatabase(error: unknown, source: UrlSource): AppError {
  const failure = toAppError(error);
  const hint = hintFor(failure, source);
  if (hint === undefined) return failure;
  return new AppError(failure.code, `${NAMES[source]}: ${failure.message}`, {
    hint,
    cause: failure,
  });
}

function hintFor({ code, message }: AppError, source: UrlSource): string | undefined {
  const hints: Partial<Record<ErrorCode, string>> = {
    not_reachable: `Start that server or correct the URL, ${OTHERWISE[source]}`,
    not_allowed:
      source === 'administrator' ? 'It has to be a superuser’s URL.' : loginHint(message),
    database_not_migrated: MAKE_READY,
  };
  return hints[code];
}

function loginHint(message: string): string {
  return /password|authentication|pg_hba/.test(message)
    ? 'Correct the login in the URL; coffee-roadmap login stores another one.'
    : `Use a person’s login. ${MAKE_READY}`;
}
