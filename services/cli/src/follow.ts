import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import type { Channel } from '@coffee-roadmap/shared/db/listener';
import type { Session } from '@coffee-roadmap/shared/db/session';

export interface FollowOptions<T> {
  channels: Channel[];
  /** Reads again what matters; a value ends it. Called once at first and never twice at a time. */
  refresh: () => Promise<T | undefined>;
  /** Told when the connection goes and comes back. */
  say: (line: string) => void;
  /** Milliseconds between two looks without a hint. */
  pollMs?: number;
  /** Milliseconds after which it gives up. Left out: never. */
  timeoutMs?: number;
  /** Ends it as Ctrl-C does, also when that came before. */
  signal?: AbortSignal;
}

export type Followed<T> = { kind: 'value'; value: T } | { kind: 'timed_out' | 'interrupted' };

/**
 * Looks at every hint until there is a value, Ctrl-C or the timeout. A database that restarts, or is
 * away for a while, is waited for.
 */
export async function follow<T>(session: Session, options: FollowOptions<T>): Promise<Followed<T>> {
  let end: (result: Followed<T>) => void = () => undefined;
  let fail: (error: unknown) => void = () => undefined;
  const ended = new Promise<Followed<T>>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  let connected = true;
  let looking = false;
  let lookAgain = false;

  async function look(): Promise<void> {
    lookAgain = true;
    if (looking) return;
    looking = true;
    try {
      while (lookAgain) {
        lookAgain = false;
        const value = await options.refresh();
        if (value !== undefined) end({ kind: 'value', value });
      }
    } catch (error) {
      // The listener notices too, connects again, and then we look again.
      if (toAppError(error).code !== 'not_reachable') fail(error);
    } finally {
      looking = false;
    }
  }

  const interrupt = (): void => end({ kind: 'interrupted' });
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  process.once('SIGHUP', interrupt); // the terminal is closed
  options.signal?.addEventListener('abort', interrupt, { once: true });
  if (options.signal?.aborted === true) interrupt();
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => end({ kind: 'timed_out' }), options.timeoutMs);
  ended.catch(() => undefined); // it may fail while the listener is still connecting
  try {
    const listener = await session.listen({
      channels: options.channels,
      pollMs: options.pollMs,
      onHint: () => void look(),
      onConnected(now) {
        if (now === connected) return;
        connected = now;
        options.say(now ? 'connected again' : 'the database is away; waiting for it');
      },
    });
    try {
      return await ended;
    } finally {
      await listener.close();
    }
  } finally {
    clearTimeout(timer);
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
    process.off('SIGHUP', interrupt);
    options.signal?.removeEventListener('abort', interrupt);
  }
}
