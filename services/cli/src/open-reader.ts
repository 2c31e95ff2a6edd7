import { requireDatabase } from '@coffee-roadmap/shared/config/config';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import { isAppError } from '@coffee-roadmap/shared/errors';
import type { Output } from './output';
import type { CommonOptions, Context } from './context';

/** For what an auditor may do and a person too: the configured login as that of which it is. */
export async function openReader(url: string): Promise<Session<'person' | 'auditor'>> {
  try {
    return await openSession(url, 'person');
  } catch (error) {
    if (!isAppError(error) || !error.message.includes('of kind auditor')) throw error;
    return openSession(url, 'auditor');
  }
}

/** As `withSession`, for either. */
export async function withReader(
  context: Context,
  options: CommonOptions,
  work: (session: Session<'person' | 'auditor'>, out: Output) => Promise<void>,
): Promise<void> {
  const out = context.output(options);
  const session = await openReader(requireDatabase(context.config()));
  try {
    await work(session, out);
  } finally {
    await session.close();
  }
}
