import { connect } from '../db/connection';

export interface Attachment {
  close(): Promise<void>;
}

/**
 * Holds the session-level lock by which the database knows that this process lives, on a connection
 * used for nothing else. Taken again after a lost connection. Resolves when first taken.
 */
export async function attachInstance(url: string, instance: string): Promise<Attachment> {
  let closed = false;
  let client = await open();

  async function open() {
    const next = await connect(url);
    await next.query('select daemon.attach($1)', [instance]);
    next.once('end', () => {
      if (!closed) again(50);
    });
    return next;
  }

  function again(delayMs: number): void {
    setTimeout(() => {
      if (closed) return;
      open().then(
        (next) => {
          client = next;
          if (closed) next.end().catch(() => undefined);
        },
        () => again(Math.min(delayMs * 2, 1_000)),
      );
    }, delayMs).unref();
  }

  return {
    async close() {
      closed = true;
      await client.end().catch(() => undefined);
    },
  };
}
