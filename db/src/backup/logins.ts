import type { Client } from 'pg';
import { connectForBackup, quoted, urlOfDatabase } from './connect';

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
  leftOut: NamedLogin[];
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
 * Makes those that the server does not have and somebody in the database has, but not those of
 * `removed` (ids). One that is there stays as it is: its password may be newer. `url` is a superuser's.
 */
export async function restoreLogins(
  url: string,
  logins: StoredLogin[],
  removed: string[],
): Promise<RestoredLogins> {
  const client = await connectForBackup(url);
  try {
    const { rows: live } = await client.query<NamedLogin & { gone: boolean; there: boolean }>(
      `select p.login::text, p.kind::text, p.name, p.id = any ($2::uuid[]) as gone,
         exists (select from pg_roles r where r.rolname = p.login) as there
       from priv.principals p where p.removed_at is null and p.login = any ($1::name[])
       order by lower(p.name), p.login`,
      [logins.map(({ login }) => login), removed],
    );
    const some = (which: typeof live): NamedLogin[] =>
      which.map(({ login, kind, name }) => ({ login, kind, name }));
    const made = some(live.filter(({ gone, there }) => !gone && !there));
    const missing = new Set(made.map(({ login }) => login));
    await client.query('begin; set local row_security = on');
    await makeLogins(
      client,
      logins.filter(({ login }) => missing.has(login)),
    );
    await client.query('commit');
    return {
      made,
      kept: live.filter(({ gone, there }) => !gone && there).length,
      leftOut: some(live.filter(({ gone }) => gone)),
    };
  } finally {
    await client.end();
  }
}

/** Takes back what restoreLogins made. */
export async function dropLogins(url: string, made: NamedLogin[]): Promise<void> {
  if (made.length === 0) return;
  const server = await connectForBackup(urlOfDatabase(url, 'postgres'));
  try {
    for (const { login } of made) await server.query(`drop role if exists ${quoted(login)}`);
  } finally {
    await server.end();
  }
}

async function makeLogins(client: Client, logins: StoredLogin[]): Promise<void> {
  await client.query(`do $$ begin
    if current_setting('server_version_num')::int >= 160000 then set local role coffee_registrar; end if;
  end $$`);
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
  await client.query('reset role');
}
