import { requireDatabase, requireOwnDatabase } from '@coffee-roadmap/shared/config/config';
import { openSession, type Session } from '@coffee-roadmap/shared/db/session';
import type { Context } from '../../context';
import { startProgress } from '../../terminal/progress';

/** One's own database, which holds the detail, and the team's, which may be the same. */
export interface PublishingSessions {
  own: Session<'person'>;
  team: Session<'person'>;
}

/** Runs `work` with both; where there is one database, with one session. */
export async function withPublishing<T>(
  context: Context,
  work: (sessions: PublishingSessions) => Promise<T>,
): Promise<T> {
  const config = context.config();
  const teamUrl = requireDatabase(config);
  const ownUrl = requireOwnDatabase(config);
  const progress = startProgress(context.streams.stderr, 'connecting to the database');
  const opened: Session<'person'>[] = [];
  try {
    const team = await openSession(teamUrl, 'person');
    opened.push(team);
    const own = ownUrl === teamUrl ? team : await openSession(ownUrl, 'person');
    if (own !== team) opened.push(own);
    progress.stop();
    return await work({ own, team });
  } finally {
    progress.stop();
    await Promise.all(opened.map((session) => session.close()));
  }
}
