import { AppError, isAppError, messageOf, type ErrorCode } from '../errors';

/** SQLSTATE (or its first two characters) → our code. Class CR is raised by db/functions. */
const CODES: Record<string, ErrorCode> = {
  CR001: 'conflict',
  CR002: 'invalid_input',
  CR003: 'lease_lost',
  CR004: 'not_found',
  CR005: 'invalid_input',
  '42501': 'not_allowed',
  '28': 'not_allowed',
  '22': 'invalid_input',
  '23': 'invalid_input',
  '3D000': 'not_reachable',
  '3F000': 'database_not_migrated',
  '42883': 'database_not_migrated',
  '42P01': 'database_not_migrated',
  '08': 'not_reachable',
  '53': 'not_reachable',
  '57P': 'not_reachable',
};

const HINTS: Partial<Record<ErrorCode, string>> = {
  not_reachable: 'Is it running? npm start brings it up; coffee-roadmap doctor looks closer.',
  not_allowed: 'Check who you are with coffee-roadmap status; coffee-roadmap login URL changes it.',
  database_not_migrated: 'Run npm start, or npm run db:migrate as its superuser.',
};

/** Node's network errors that mean: nobody answers there. */
const NETWORK = /^(ECONN|ENOTFOUND|EHOST|ENET|ETIMEDOUT|EPIPE|EAI_)/;

/** What pg says where the URL has a login alone and the server wants more. */
const NO_PASSWORD = /password must be a (?:non-empty )?string/;

interface DatabaseFailure {
  code?: string;
  hint?: string;
  constraint?: string;
}

/**
 * The one place where errors of the database become ours. Values of rows are never in the message:
 * what our functions raise is passed on, of everything else only the kind is told.
 */
export function toAppError(error: unknown): AppError {
  if (isAppError(error)) return error;
  const code = sqlStateOf(error);
  const { hint, constraint } = inner(error) as DatabaseFailure;
  // A function that this login was never given: only admins, managers or another kind of login have it.
  if (code === '42501' && /^permission denied for function /.test(messageOf(error))) {
    return new AppError('not_allowed', 'your login may not do this', {
      hint: 'It takes another login, such as an admin’s or a manager’s: --help says whose.',
      cause: error,
    });
  }
  const found = CODES[code] ?? CODES[code.slice(0, 3)] ?? CODES[code.slice(0, 2)];
  if (found !== undefined) {
    const message =
      constraint === undefined ? messageOf(error) : `this value is not allowed (${constraint})`;
    return new AppError(found, message, { hint: hint ?? HINTS[found], cause: error });
  }
  const closed =
    /Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error/;
  if (NETWORK.test(code) || closed.test(messageOf(error))) {
    return new AppError('not_reachable', `the database does not answer: ${messageOf(error)}`, {
      hint: HINTS.not_reachable,
      cause: error,
    });
  }
  if (NO_PASSWORD.test(messageOf(error))) {
    return new AppError('not_allowed', 'the database asks for a password, and none was given', {
      hint: 'It belongs into the connection line: postgres://LOGIN:PASSWORD@HOST:5432/DATABASE.',
      cause: error,
    });
  }
  return new AppError('failed', messageOf(error), { cause: error });
}

/** What the database said; an empty text where the error is not its. */
export function sqlStateOf(error: unknown): string {
  return (inner(error) as DatabaseFailure).code ?? '';
}

function inner(error: unknown): object {
  if (error instanceof AggregateError && error.errors.length > 0) return inner(error.errors[0]);
  return typeof error === 'object' && error !== null ? error : {};
}
