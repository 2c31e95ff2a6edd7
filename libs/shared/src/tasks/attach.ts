import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '../db/connection';

export interface Attachment {
  close(): Promise<void>;
}

type Connection = Awaited<ReturnType<typeof connect>>;

/** Well within any sensible grace: who is not attached when that ends loses its leases. */
const RETRY_MS = 200;

/**
 * Holds the session-level lock by which the database knows that this process lives, on a connection
 * used for nothing else. Resolves when first taken. Taken again after a lost connection: `onAgain` is
 * called then, because leases may have been shortened in between.
 */
export async function attachInstance(
  url: string,
  instance: string,
  onAgain: () => void = () => undefined,
): Promise<Attachment> {
  let closed = false;
  let client: Connection | undefined;

  /** `broken` resolves when the connection that holds the lock is gone. */
  async function attach(): Promise<{ broken: Promise<void> }> {
    const next = await connect(url);
    client = next;
    const broken = new Promise<void>((resolve) => next.once('end', () => resolve()));
    try {
      // A session of ours that the server does not yet know to be dead may hold the lock still.
      while (!closed && !(await takeLock(next, instance))) await pause(RETRY_MS);
    } catch (error) {
      await next.end().catch(() => undefined);
      throw error;
    }
    return { broken };
  }

  async function stayAttached(broken: Promise<void>): Promise<void> {
    await broken;
    while (!closed) {
      const attached = await attach().catch(() => undefined);
      if (attached === undefined) {
        await pause(RETRY_MS, undefined, { ref: false });
        continue;
      }
      if (closed) break;
      onAgain();
      await attached.broken;
    }
    await client?.end().catch(() => undefined);
  }

  const { broken } = await attach();
  void stayAttached(broken);
  return {
    async close() {
      closed = true;
      await client?.end().catch(() => undefined);
    },
  };
}

async function takeLock(connection: Connection, instance: string): Promise<boolean> {
  const { rows } = await connection.query<{ held: boolean }>('select daemon.attach($1) as held', [
    instance,
  ]);
  return rows[0]?.held === true;
}
