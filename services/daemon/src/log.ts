import { writeLog } from '@coffee-roadmap/shared/tasks/log-queries';
import type { Session } from '@coffee-roadmap/shared/db/session';

export type Log = (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;

/** One line on stderr, and the same in daemon.execution_log when the database takes it. */
export function createLog(session: Session<'daemon'>): Log {
  return (level, message) => {
    process.stderr.write(`${new Date().toISOString()} ${level} ${message}\n`);
    writeLog(session, level, message).catch(() => undefined); // the log must never stop the work
  };
}
