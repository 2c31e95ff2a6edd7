import { Client } from 'pg';

export type LoginKind = 'person' | 'daemon' | 'slackbot' | 'dashboard' | 'collector' | 'auditor';

/**
 * Makes the login of a person or process, or gives it this password, and returns its name. For the
 * programs that keep the secret themselves (embedded start, compose). `url` is a superuser's.
 */
export async function ensureLogin(
  url: string,
  login: { kind: LoginKind; name: string; password: string },
): Promise<string> {
  const client = new Client({ connectionString: url, application_name: 'coffee-roadmap migrate' });
  await client.connect();
  try {
    const { rows } = await client.query<{ version: number }>(
      `select current_setting('server_version_num')::int as version`,
    );
    await client.query('begin');
    // What the registrar makes it may later change and drop; a superuser's roles it could not.
    if (rows[0]!.version >= 160_000) await client.query('set local role coffee_registrar');
    const made = await client.query<{ login: string }>(
      'select priv.ensure_login($1, $2, $3) as login',
      [login.kind, login.name, login.password],
    );
    await client.query('commit');
    return made.rows[0]!.login;
  } finally {
    await client.end();
  }
}

/** Whether anybody is in the database yet. `url` is a superuser's. */
export async function hasPeople(url: string): Promise<boolean> {
  const client = new Client({ connectionString: url, application_name: 'coffee-roadmap migrate' });
  await client.connect();
  try {
    const { rows } = await client.query<{ some: boolean }>(
      'select exists (select from coffee.people) as some',
    );
    return rows[0]!.some;
  } finally {
    await client.end();
  }
}
