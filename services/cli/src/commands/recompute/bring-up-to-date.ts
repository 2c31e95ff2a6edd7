import type { Session } from '@coffee-roadmap/shared/db/session';
import { recompute } from '@coffee-roadmap/shared/time/recompute/recompute';
import type { Context } from '../../context';
import { startProgress } from '../../terminal/progress';

/** Computes the caller's stale days, with progress on stderr; how many they were. */
export async function bringUpToDate(context: Context, session: Session<'person'>): Promise<number> {
  const progress = startProgress(context.streams.stderr, 'computing working time');
  try {
    return await recompute(session, {
      onProgress: ({ days, of }) => {
        if (context.streams.stderr.isTTY)
          progress.update(`computing working time, ${days} of ${of} days`);
      },
    });
  } finally {
    progress.stop();
  }
}
