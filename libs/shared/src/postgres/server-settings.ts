import { HOST } from './ports';

export interface ServerOptions {
  port: number;
  /** False only where losing the last seconds does not matter: tests. */
  durable: boolean;
  /** Postgres settings of the caller's own; they win. */
  settings?: Record<string, string>;
}

/**
 * All settings of ours, for the command line of every start: there they hold for clusters that
 * earlier versions made as well, and nothing in the data directory can open the server to others.
 */
export function serverSettings(options: ServerOptions): Record<string, string> {
  return {
    listen_addresses: HOST,
    port: String(options.port),
    unix_socket_directories: '',
    password_encryption: 'scram-sha-256',
    max_connections: '120',
    shared_buffers: '128MB', // the key of a million calls, which an import meets at random
    io_workers: '1',
    jit: 'off',

    // Statements and their values can hold secrets (alter role ... password), details hold rows.
    log_min_error_statement: 'panic',
    log_error_verbosity: 'terse',
    log_parameter_max_length: '0',
    log_parameter_max_length_on_error: '0',
    log_line_prefix: '%m [%p] ',
    log_checkpoints: 'off',
    lc_messages: 'C',
    log_timezone: 'UTC',
    timezone: 'UTC',

    // A dead client is noticed, and its locks are free, within about ten seconds.
    client_connection_check_interval: '2s',
    tcp_keepalives_idle: '5',
    tcp_keepalives_interval: '2',
    tcp_keepalives_count: '3',
    ...(process.platform === 'linux' ? { tcp_user_timeout: '8s' } : {}),

    ...(options.durable
      ? {}
      : { fsync: 'off', full_page_writes: 'off', synchronous_commit: 'off' }),
    ...options.settings,
  };
}
