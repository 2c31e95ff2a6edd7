/**
 * The one error type of the product. `code` is listed in docs/errors.md; `message` says what
 * happened, `hint` what to do next. Never put a secret into either.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
  }

  /**
   * By name: each bundle has a copy of this class, and one bundle may load another. What is made of it is
   * told apart as ever, else each error would be of all of these classes.
   */
  static override [Symbol.hasInstance](value: unknown): value is AppError {
    if (this !== AppError) return Function.prototype[Symbol.hasInstance].call(this, value);
    return value instanceof Error && value.name === 'AppError' && 'code' in value;
  }
}

/** Every code, with the exit code that the CLI gives for it. docs/errors.md explains each. */
export const ERROR_CODES = {
  failed: 1,
  invalid_input: 2,
  not_found: 1,
  not_allowed: 3,
  not_reachable: 4,
  conflict: 5,
  not_configured: 1,
  database_newer: 5,
  migration_edited: 5,
  database_not_migrated: 5,
  postgres_start_failed: 4,
  agent_missing: 1,
  agent_failed: 1,
  git_failed: 1,
  lease_lost: 5,
} as const;

export type ErrorCode = keyof typeof ERROR_CODES;

export function isAppError(error: unknown): error is AppError {
  return error instanceof AppError;
}

/** A one-line text of any thrown value; never a stack, never a secret of ours. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
