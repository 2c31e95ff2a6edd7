import type { Client } from 'pg';
import { asRegistrar } from './as-registrar';
import { quoted, urlOfDatabase, withClient } from './connect';

/** A role of the server behind one of our logins: not in the database itself. */
export interface StoredLogin {
  kind: string;
  login: string;
  /** `coffee_user`, `coffee_admin` and so on. */
  groups: string[];
  /** The verifier that the server keeps; null where there is none, or the reader may not see it. */
  password: string | null;
}

/** A login, and whose it is. */
export interface NamedLogin {
  login: string;
  kind: string;
  name: string;
}

export interface RestoredLogins {
  made: NamedLogin[];
  /** How many were there already. */
  kept: number;
}

/** A role of the server that stays as it is. */
export interface KeptLogin {
  login: string;
  reason: string;
}

export async function readLogins(client: Client, passwords: boolean): Promise<StoredLogin[]> {
  const { rows } = await client.query<StoredLogin>(
    `select p.kind::text, p.login::text,
       array(select g.rolname::text from pg_auth_members m join pg_roles g on g.oid = m.roleid
         where m.member = r.oid and g.rolname ~ '^coffee_' order by 1) as groups,
       ${passwords ? '(select a.rolpassword from pg_authid a where a.oid = r.oid)' : 'null'} as password
     from priv.principals p join pg_roles r on r.rolname = p.login
     where p.removed_at is null order by p.login`,
  );
  return rows;
}

/**
 * Makes those that the server does not have and somebody in the database has. One that is there stays as
 * it is: its password may be newer. `url` is a superuser's.
 */
export async function restoreLogins(url: string, logins: StoredLogin[]): Promise<RestoredLogins> {
  return withClient(url, async (client) => {
    const { rows: live } = await client.query<NamedLogin & { there: boolean }>(
      `select p.login::text, p.kind::text, p.name,
         exists (select from pg_roles r where r.rolname = p.login) as there
       from priv.principals p where p.removed_at is null and p.login = any ($1::name[])
       order by lower(p.name), p.login`,
      [logins.map(({ login }) => login)],
    );
    const made = live
      .filter(({ there }) => !there)
      .map(({ login, kind, name }) => ({ login, kind, name }));
    const missing = new Set(made.map(({ login }) => login));
    await makeLogins(
      client,
      logins.filter(({ login }) => missing.has(login)),
    );
    return { made, kept: live.length - made.length };
  });
}

/** Takes back what restoreLogins made; those that it could not. `url` is a superuser's. */
export async function dropLogins(url: string, made: NamedLogin[]): Promise<KeptLogin[]> {
  if (made.length === 0) return [];
  return withClient(urlOfDatabase(url, 'postgres'), async (server) => {
    const left: KeptLogin[] = [];
    for (const { login } of made) {
      await server
        .query(`drop role if exists ${quoted(login)}`)
        .catch((error: Error) => left.push({ login, reason: error.message }));
    }
    return left;
  });
}

async function makeLogins(client: Client, logins: StoredLogin[]): Promise<void> {
  await asRegistrar(client, async () => {
    for (const { kind, login, groups, password } of logins) {
      await client.query('select priv.create_role($1::coffee.principal_kind, $2::name, $3)', [
        kind,
        login,
        password,
      ]);
      for (const group of groups) {
        await client.query(
          `select priv.grant_group($1, $2::name) where not pg_has_role($2::name, $1, 'member')`,
          [group, login],
        );
      }
    }
  });
}
