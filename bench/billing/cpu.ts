import type { Session } from '@coffee-roadmap/shared/db/session';
import { sql } from 'kysely';
import { cpuSecondsOf } from '../footprint/process-figures';

/**
 * From now on the processor time of this program and of the session's one server process: the function that is
 * returned tells it in milliseconds. The server's comes in steps of ten.
 */
export async function startCpu(session: Session<'person'>): Promise<() => number> {
  const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(session.db);
  const { pid } = rows[0]!;
  const spent = (): number => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1000 + cpuSecondsOf(pid) * 1000;
  };
  const before = spent();
  return () => spent() - before;
}
