import { messageOf } from '@coffee-roadmap/shared/errors';
import { LogLevel, type Logger } from './bolt';

export type Log = (level: 'info' | 'warn' | 'error', message: string) => void;

/** One line on stderr. */
export const log: Log = (level, message) => {
  process.stderr.write(`${new Date().toISOString()} ${level} ${message.replace(/\s+/g, ' ')}\n`);
};

/** What Slack's packages have to say, from warnings on. Their debug lines hold whole messages. */
export function packageLogger(write: Log): Logger {
  const line =
    (level: 'warn' | 'error') =>
    (...parts: unknown[]): void =>
      write(level, `slack: ${parts.map(messageOf).join(' ')}`);
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: line('warn'),
    error: line('error'),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  };
}
