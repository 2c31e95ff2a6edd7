import type { Client } from 'pg';
import { withClient } from './connect';

/** Writes an entry of the audit trail, as a superuser. */
export async function recordInTrail(client: Client, action: string, about: object): Promise<void> {
  await client.query('begin; set local row_security = on'); // functions read what their owner may
  await client.query('select audit.record($1, $2::jsonb)', [action, JSON.stringify(about)]);
  await client.query('commit');
}

/** Says in the trail of the restored database that, and from what, it was restored. */
export async function recordRestore(url: string, about: object): Promise<void> {
  await withClient(url, (client) => recordInTrail(client, 'backup.restore', about));
}
