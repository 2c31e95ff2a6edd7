import type { Socket } from 'node:net';
import { Client, types, type ClientBase, type ClientConfig } from 'pg';

/** Ids and counts stay far below 2^53; money is numeric and stays text. */
types.setTypeParser(types.builtins.INT8, Number);
types.setTypeParser(types.builtins.DATE, (value) => value);

/**
 * A dead peer is noticed within about ten seconds by the server, and by us while we only listen: the
 * defaults take minutes. The program's name is constant, because every login can see it.
 */
export function connectionConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'coffee-roadmap',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    options: [
      'tcp_keepalives_idle=5',
      'tcp_keepalives_interval=2',
      'tcp_keepalives_count=3',
      'tcp_user_timeout=8000',
      'client_connection_check_interval=2000',
      'idle_in_transaction_session_timeout=60000',
      'search_path=pg_catalog',
    ]
      .map((setting) => `-c ${setting}`)
      .join(' '),
  };
}

/** For connections whose statements take no time. */
const ANSWER_MS = 15_000;

/** One connection of its own, for LISTEN and for locks that live as long as it. */
export async function connect(url: string): Promise<Client> {
  const client = new Client(connectionConfig(url));
  // Without a listener a lost connection would end the process; the next query reports it.
  client.on('error', () => undefined);
  await client.connect();
  breakWhenSilent(client, ANSWER_MS);
  return client;
}

/** What pg's own types leave out. */
interface Wire {
  readyForQuery: boolean;
  connection: { stream: Socket };
}

/**
 * Breaks the connection when a question stays unanswered for so many milliseconds, which is longer
 * than any statement may take: over a network that swallows everything, the system itself would wait
 * for a quarter of an hour.
 */
export function breakWhenSilent(client: ClientBase, silenceMs: number): void {
  const wire = client as unknown as Wire;
  const { stream } = wire.connection;
  stream.setTimeout(silenceMs, () => {
    const error = Object.assign(new Error('the network is silent'), { code: 'ETIMEDOUT' });
    if (!wire.readyForQuery) stream.destroy(error);
  });
}
