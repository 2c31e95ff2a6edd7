import type { Session } from '../../db/session';

/** Runs `work` in a transaction: in the one that the session is in, else in one of its own. */
export async function inTransaction<T>(
  session: Session<'person'>,
  work: (session: Session<'person'>) => Promise<T>,
): Promise<T> {
  if (session.db.isTransaction) return work(session);
  return session.db.transaction().execute((db) => work({ ...session, db }));
}
