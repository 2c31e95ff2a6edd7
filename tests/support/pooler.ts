import { freePort, HOST } from '@coffee-roadmap/shared/postgres/ports';
import { chooseServerAccount } from '@coffee-roadmap/shared/postgres/server-account';
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { answers } from './answers';
import { until } from './until';

/** Undefined where the system has none. */
export const PGBOUNCER = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer'].find(existsSync);

export interface Pooler {
  /** The same URL by way of the pooler. */
  through(url: string): string;
  close(): Promise<void>;
}

/**
 * A pgbouncer in session mode before the server of this superuser's URL, as docs/scale.md has it: it knows
 * no password, only what Postgres keeps of each (SCRAM), and logs in to Postgres with what clients prove.
 * `settings` are its own names; they win.
 */
export async function startPooler(
  superuserUrl: string,
  settings: Record<string, string> = {},
): Promise<Pooler> {
  if (PGBOUNCER === undefined) throw new Error('no pgbouncer on this machine');
  const server = new URL(superuserUrl);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-pooler-'));
  const account = chooseServerAccount(folder);
  const port = (await freePort(0))!;
  const files = {
    'users.txt': await knownLogins(superuserUrl),
    'pgbouncer.ini': [
      '[databases]',
      `* = host=${server.hostname} port=${server.port}`,
      '[pgbouncer]',
      ...Object.entries({
        listen_addr: HOST,
        listen_port: String(port),
        unix_socket_dir: '',
        auth_type: 'scram-sha-256',
        auth_file: path.join(folder, 'users.txt'),
        pool_mode: 'session',
        server_reset_query: 'DISCARD ALL',
        ignore_startup_parameters: 'options,statement_timeout',
        max_client_conn: '2000',
        ...settings,
      }).map(([name, value]) => `${name} = ${value}`),
      '',
    ].join('\n'),
  };
  for (const [name, text] of Object.entries(files))
    writeFileSync(path.join(folder, name), text, { mode: 0o600 });
  chmodSync(folder, 0o700);
  // It refuses to run as root, as Postgres does.
  if (account)
    for (const file of ['', ...Object.keys(files)])
      chownSync(path.join(folder, file), account.uid, account.gid);
  const child = spawn(PGBOUNCER, ['-q', path.join(folder, 'pgbouncer.ini')], {
    ...account,
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  await until('pgbouncer listens', () => {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended: ${said}`);
    return answers(port);
  });
  return {
    through(url) {
      const changed = new URL(url);
      changed.port = String(port);
      return changed.href;
    },
    async close() {
      child.kill('SIGTERM');
      child.kill('SIGQUIT'); // at once, whoever is still connected
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function knownLogins(superuserUrl: string): Promise<string> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ line: string }>(
      `select format('"%s" "%s"', rolname, rolpassword) as line from pg_authid
       where rolcanlogin and not rolsuper and rolpassword is not null`,
    );
    return `${rows.map(({ line }) => line).join('\n')}\n`;
  } finally {
    await client.end();
  }
}
