import { asRegistrar } from './as-registrar';
import { urlOfDatabase, withClient } from './connect';
import type { KeptLogin } from './logins';

/**
 * Drops roles that nobody of this database has any more. Roles are the server's: one that somebody in
 * another database there has, or may have, stays. Returns those that stay. `url` is a superuser's;
 * what the databases of `but` say does not count.
 */
export async function endLogins(
  url: string,
  logins: string[],
  but: string[] = [],
): Promise<KeptLogin[]> {
  if (logins.length === 0) return [];
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select datname::text as name from pg_database
       where datallowconn and not datistemplate and datname <> current_database() and datname <> all ($1)`,
      [but],
    );
    const kept = new Map<string, string>();
    const keep = (which: string[], reason: string): void =>
      which.forEach((login) => kept.set(login, reason));
    for (const { name } of rows) {
      await namedIn(urlOfDatabase(url, name), logins).then(
        (named) => keep(named, `the database ${name} has it`),
        (error: Error & { code?: string }) => {
          const reason = `the database ${name} does not say who has it: ${error.message}`;
          if (error.code !== '3D000') keep(logins, reason); // else it was dropped since
        },
      );
    }
    await asRegistrar(client, async () => {
      const ending = logins.filter((login) => !kept.has(login));
      await client.query('select priv.drop_login(l::name) from unnest($1::text[]) l', [ending]);
    });
    return [...kept].map(([login, reason]) => ({ login, reason }));
  });
}

async function namedIn(url: string, logins: string[]): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows: ours } = await client.query(
      `select where to_regclass('priv.principals') is not null`,
    );
    if (ours.length === 0) return [];
    const { rows } = await client.query<{ login: string }>(
      `select p.login::text from priv.principals p
       where p.login = any ($1::name[]) and p.removed_at is null`,
      [logins],
    );
    return rows.map(({ login }) => login);
  });
}
