import type { Client } from 'pg';

/** Runs `work` in one transaction, as who owns the functions about logins. `client` is a superuser's. */
export async function asRegistrar<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query('begin; set local row_security = on'); // functions read what their owner may
  try {
    // What the registrar makes it may later change and drop; a superuser's roles it could not.
    await client.query(`do $$ begin
      if current_setting('server_version_num')::int >= 160000 then set local role coffee_registrar; end if;
    end $$`);
    const result = await work();
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}
