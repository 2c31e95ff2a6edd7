import { Client } from 'pg';

/**
 * Erases again whoever was erased after the backup was made that `url`, a superuser's, was restored from.
 * Ids that are not there, or are erased already, change nothing. Returns how many were erased.
 */
export async function replayErasures(url: string, people: string[]): Promise<number> {
  const client = new Client({ connectionString: url, application_name: 'coffee-roadmap restore' });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`do $$ begin
      if current_setting('server_version_num')::int >= 160000 then set local role coffee_registrar; end if;
    end $$`);
    const { rows } = await client.query<{ n: number }>(
      'select priv.replay_erasures($1::uuid[]) as n',
      [people],
    );
    await client.query('commit');
    return rows[0]!.n;
  } finally {
    await client.end();
  }
}
