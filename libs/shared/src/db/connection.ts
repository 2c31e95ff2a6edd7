import { Client, types, type ClientConfig } from 'pg';

/** Ids and counts stay far below 2^53; money is numeric and stays text. */
types.setTypeParser(types.builtins.INT8, Number);
types.setTypeParser(types.builtins.DATE, (value) => value);

/**
 * A dead peer is noticed within about ten seconds, on both sides: the defaults take minutes. The
 * program's name is constant, because every login can see it.
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

/** One connection of its own, for LISTEN and for locks that live as long as it. */
export async function connect(url: string): Promise<Client> {
  const client = new Client(connectionConfig(url));
  // Without a listener a lost connection would end the process; the next query reports it.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
