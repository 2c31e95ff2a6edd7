import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { HOST } from '@coffee-roadmap/shared/postgres/ports';
import { runProgram } from '@coffee-roadmap/shared/postgres/run-program';
import { randomBytes } from 'node:crypto';
import { appendFileSync, chownSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Client } from 'pg';

/** As it names itself, for `synchronous_standby_names`. */
export const STANDBY = 'standby';

/**
 * A second cluster beside `named` that follows `primary` by streaming replication and answers reads. The
 * npm binaries have no pg_basebackup: the copy is made between pg_backup_start and pg_backup_stop.
 */
export async function startStandby(
  primary: EmbeddedPostgres,
  named: string,
): Promise<EmbeddedPostgres> {
  const client = new Client({ connectionString: primary.superuserUrl });
  await client.connect();
  try {
    // Nobody's superuser travels: the standby logs in with a role that can do this alone.
    const password = randomBytes(12).toString('hex');
    await client.query(`create role ${STANDBY} replication login password '${password}'`);
    await client.query(`select pg_create_physical_replication_slot('${STANDBY}', true)`);
    await client.query(`select pg_backup_start('${STANDBY}', true)`);
    const { code, output } = await runProgram('cp', ['-a', primary.dataDir, named]);
    if (code !== 0) throw new Error(`the primary was not copied: ${output}`);
    const { rows } = await client.query<{ labelfile: string }>(
      'select labelfile from pg_backup_stop(false)',
    );
    for (const file of ['postmaster.pid', 'postmaster.opts'])
      rmSync(path.join(named, file), { force: true });
    give(named, 'backup_label', rows[0]!.labelfile);
    give(named, 'standby.signal', '');
    appendFileSync(
      path.join(named, 'postgresql.auto.conf'),
      `primary_slot_name = '${STANDBY}'\nprimary_conninfo = 'host=${HOST} port=${primary.port} ` +
        `user=${STANDBY} password=${password} application_name=${STANDBY}'\n`,
    );
  } finally {
    await client.end();
  }
  // The superuser's password came along with the data; it is kept beside each of the clusters.
  const { password } = new URL(primary.superuserUrl);
  writeFileSync(`${named}.password`, password, { mode: 0o600 });
  return startEmbeddedPostgres({ dataDir: named, durable: true });
}

/** A file of the server's own account. */
function give(dataDir: string, name: string, text: string): void {
  const { uid, gid } = statSync(dataDir);
  const file = path.join(dataDir, name);
  writeFileSync(file, text, { mode: 0o600 });
  chownSync(file, uid, gid);
}

/**
 * From now on a commit is acknowledged once it is on the standby's disk too; with `remote_apply` once it can
 * be read there. `off`: as without a standby.
 */
export async function commitOnStandby(
  superuserUrl: string,
  how: 'on' | 'remote_apply' | 'off',
): Promise<void> {
  const client = new Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    const names = how === 'off' ? '' : STANDBY;
    await client.query(`alter system set synchronous_standby_names = '${names}'`);
    await client.query(
      `alter system set synchronous_commit = '${how === 'remote_apply' ? how : 'on'}'`,
    );
    await client.query('select pg_reload_conf()');
  } finally {
    await client.end();
  }
}
