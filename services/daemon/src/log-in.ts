import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { checkGit } from '@coffee-roadmap/shared/git/check-git';
import { LOGIN_HINT, type DaemonConfig } from './config';

/** Throws `not_configured` where nothing could be done with what the database would give us. */
export async function mustHaveGit(): Promise<void> {
  const { available, reason, hint } = await checkGit();
  if (!available) throw new AppError('not_configured', reason, { hint });
}

/** Throws what `openSession` does; where the login is wrong, with where to get one. */
export async function logIn(config: DaemonConfig): Promise<Session<'daemon'>> {
  try {
    return await openSession(config.url, 'daemon', { connections: 6 });
  } catch (error) {
    const failure = toAppError(error);
    if (failure.code !== 'not_allowed') throw failure;
    throw new AppError('not_allowed', failure.message, { hint: LOGIN_HINT, cause: failure });
  }
}
