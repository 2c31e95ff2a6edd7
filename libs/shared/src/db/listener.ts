import type { Client } from 'pg';
import { sqlStateOf } from './app-errors';
import { connect } from './connection';

/** What hints exist. Payloads are an id or empty; whoever gets one re-reads under its own rights. */
export type Channel =
  'coffee_roadmap' | 'coffee_notifications' | 'coffee_progress' | 'coffee_control';

/** `catch_up`: hints may have been missed, or the slow poll came round. Read everything again. */
export type Hint = { channel: Channel; id: number | null } | { channel: 'catch_up' };

export interface ListenOptions {
  channels: Channel[];
  onHint: (hint: Hint) => void;
  /** Whether the connection stands; called at every change. */
  onConnected?: (connected: boolean) => void;
  /** Milliseconds between two catch-ups without a hint. Default 15,000. */
  pollMs?: number;
}

export interface Listener {
  close(): Promise<void>;
}

/** SQLSTATE of what a server in recovery refuses. */
const STANDBY = '25006';
const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 2_000;

/**
 * Listens on a connection of its own, re-listens and catches up after a lost one, polls slowly
 * besides; on a standby by the poll alone. Resolves after the first connection stands; never rejects
 * after that.
 */
export async function listen(url: string, options: ListenOptions): Promise<Listener> {
  let client: Client | undefined;
  let closed = false;
  let deaf = false;
  let retry: NodeJS.Timeout | undefined;
  let retryMs = FIRST_RETRY_MS;

  async function open(): Promise<void> {
    const next = await connect(url);
    if (closed) return next.end();
    next.on('notification', (message) => {
      options.onHint({
        channel: message.channel as Channel,
        id: /^\d+$/.test(message.payload ?? '') ? Number(message.payload) : null,
      });
    });
    try {
      await hear(next);
    } catch (error) {
      await next.end().catch(() => undefined);
      throw error;
    }
    if (closed) return next.end();
    client = next;
    const gone = (): void => lost(next);
    next.once('end', gone);
    next.once('error', gone);
    retryMs = FIRST_RETRY_MS;
    options.onConnected?.(true);
    options.onHint({ channel: 'catch_up' });
  }

  /** A standby takes no LISTEN: the poll is all that is left there, until it is promoted. */
  async function hear(on: Client): Promise<void> {
    try {
      await on.query(options.channels.map((channel) => `listen ${channel}`).join('; '));
      deaf = false;
    } catch (error) {
      if (sqlStateOf(error) !== STANDBY) throw error;
      deaf = true;
    }
  }

  function lost(which: Client): void {
    if (client !== which) return;
    which.removeAllListeners('notification');
    which.end().catch(() => undefined);
    client = undefined;
    if (closed) return;
    options.onConnected?.(false);
    again();
  }

  function again(): void {
    retry = setTimeout(() => {
      open().catch(() => {
        client = undefined;
        retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
        if (!closed) again();
      });
    }, retryMs);
  }

  await open();
  const poll = setInterval(() => {
    if (client === undefined) return;
    if (deaf) hear(client).catch(() => undefined);
    options.onHint({ channel: 'catch_up' });
  }, options.pollMs ?? 15_000);

  return {
    async close() {
      closed = true;
      clearInterval(poll);
      clearTimeout(retry);
      await client?.end().catch(() => undefined);
    },
  };
}
