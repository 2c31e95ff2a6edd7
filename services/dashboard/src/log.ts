export type Log = (level: 'info' | 'warn' | 'error', message: string) => void;

/** One line on stderr. */
export const log: Log = (level, message) => {
  process.stderr.write(`${new Date().toISOString()} ${level} ${message.replace(/\s+/g, ' ')}\n`);
};
