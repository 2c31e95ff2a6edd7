import type { Client } from 'pg';
import { MIGRATION_LOCK } from '../migrate';
import { connectForBackup } from './connect';

export interface Snapshot {
  client: Client;
  /** For pg_dump, which then sees the same moment. */
  id: string;
  /** Reads the hashes of passwords, and may write into the audit trail. */
  superuser: boolean;
}

/** Who may read every row, whatever the policies say. */
export interface Rights {
  superuser: boolean;
  readsAll: boolean;
}

export async function readRights(client: Client): Promise<Rights> {
  const { rows } = await client.query<Rights>(
    `select r.rolsuper as superuser,
       r.rolsuper or (r.rolbypassrls and pg_has_role('pg_read_all_data', 'usage')) as "readsAll"
     from pg_roles r where r.rolname = current_user`,
  );
  return rows[0]!;
}

/**
 * Everything that `work` reads is of one moment, between two migrations. `before` runs first, on its own:
 * what it writes is in the snapshot.
 */
export async function withSnapshot<T>(
  url: string,
  before: (client: Client, rights: Rights) => Promise<void>,
  work: (snapshot: Snapshot) => Promise<T>,
): Promise<T> {
  const client = await connectForBackup(url);
  try {
    const rights = await readRights(client);
    if (rights.superuser) await client.query(`select pg_advisory_lock_shared(${MIGRATION_LOCK})`);
    await before(client, rights);
    await client.query('begin transaction isolation level repeatable read, read only');
    const { rows } = await client.query<{ id: string }>('select pg_export_snapshot() as id');
    return await work({ client, id: rows[0]!.id, superuser: rights.superuser });
  } finally {
    await client.end();
  }
}
