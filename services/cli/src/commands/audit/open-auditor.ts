import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { CommonOptions, Context } from '../../context';
import { withReader } from '../../open-reader';
import type { Output } from '../../output';

/** Runs `work` with an auditor's login. Throws `not_allowed` for a person's. */
export async function withAuditor(
  context: Context,
  options: CommonOptions,
  work: (session: Session<'auditor'>, out: Output) => Promise<void>,
): Promise<void> {
  await withReader(context, options, async (session, out) => {
    if (session.role !== 'auditor') {
      throw new AppError('not_allowed', 'only an auditor’s login reads the whole trail', {
        hint: 'An admin makes one: people add NAME --kind auditor. Set its URL as DATABASE_URL.',
      });
    }
    await work(session as Session<'auditor'>, out);
  });
}
