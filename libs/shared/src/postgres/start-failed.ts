import { AppError } from '../errors';

export const OWN_SERVER = 'set DATABASE_URL to a Postgres (15 or newer) of your own';

/** A start that cannot go on; `todo` is what the user can do besides bringing their own server. */
export function startFailed(message: string, todo?: string, cause?: unknown): AppError {
  const hint = todo === undefined ? `${capital(OWN_SERVER)}.` : `${todo}, or ${OWN_SERVER}.`;
  return new AppError('postgres_start_failed', message, { hint, cause });
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
