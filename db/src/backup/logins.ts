import type { Client } from 'pg';

/** A role of the server behind one of our logins: not in the database itself. */
export interface StoredLogin {
  kind: string;
  login: string;
  /** `coffee_user`, `coffee_admin` and so on. */
  groups: string[];
  /** The verifier that the server keeps; null where there is none, or the reader may not see it. */
  password: string | null;
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
 * Makes those that the server does not have, in the caller's transaction, as a superuser. One that is
 * there stays as it is: its password may be newer. Returns how many were made.
 */
export async function makeLogins(client: Client, logins: StoredLogin[]): Promise<number> {
  await client.query(`do $$ begin
    if current_setting('server_version_num')::int >= 160000 then set local role coffee_registrar; end if;
  end $$`);
  let made = 0;
  for (const { kind, login, groups, password } of logins) {
    const { rows } = await client.query(`select from pg_roles where rolname = $1`, [login]);
    if (rows.length > 0) continue;
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
    made += 1;
  }
  await client.query('reset role');
  return made;
}
