import { heartbeatAgeMs } from '@coffee-roadmap/shared/daemons/queries';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { DaemonConfig } from './config';

/** Throws unless this daemon's heartbeat, by the database's clock, is younger than two beats. */
export async function checkHealth({ url, beatMs }: DaemonConfig): Promise<void> {
  const session = await openSession(url, 'daemon', { connections: 1 });
  try {
    const ageMs = await heartbeatAgeMs(session);
    if (ageMs === undefined || ageMs > 2 * beatMs) {
      const seen = ageMs === undefined ? 'none yet' : `${Math.round(ageMs / 1000)} s old`;
      throw new AppError('failed', `the last heartbeat is ${seen}`);
    }
  } finally {
    await session.close();
  }
}
