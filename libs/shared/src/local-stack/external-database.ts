import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Paths } from '../config/paths';
import { writePrivateText } from '../config/private-file';
import { connect } from '../db/connection';
import { AppError } from '../errors';
import { newPassword } from './logins-file';
import { migrateOrExplain } from './start-database';

/** A Postgres that others run, brought to this program's version. */
export interface ExternalDatabase {
  personUrl: string;
  /** This machine's user was the first person there, and got a login just now. */
  firstPerson: boolean;
  /** Mode 0600; holds the URL of this machine's daemon. */
  daemonUrlFile: string;
}

export interface ExternalDatabaseOptions {
  /** Its superuser's. */
  adminUrl: string;
  paths: Paths;
  user: string;
  host: string;
  /** With the login that this machine's user has there already. */
  personUrl: string | undefined;
  log?: (line: string) => void;
}

/**
 * Migrates it and makes a login for the daemon of this machine, and one for its user where nobody is
 * there yet. Repeatable. Throws what `migrateOrExplain` throws, and `not_configured` where others
 * are there and this user is not.
 */
export async function prepareExternalDatabase(
  options: ExternalDatabaseOptions,
): Promise<ExternalDatabase> {
  const { adminUrl, paths, user, host } = options;
  await migrateOrExplain(adminUrl, options.log);
  const firstPerson = await isEmpty(adminUrl);
  const personUrl = firstPerson ? await urlFor(adminUrl, 'person', user) : options.personUrl;
  if (personUrl === undefined) {
    throw new AppError('not_configured', 'others use this database, and you have no login there', {
      hint: 'Let an admin make one (coffee-roadmap people add NAME), then coffee-roadmap login.',
    });
  }
  const daemonUrlFile = daemonUrlFileOf(paths, adminUrl);
  // A machine's name alone may be that of several.
  const name = `daemon ${user}@${host}`;
  const daemonUrl = await urlFor(adminUrl, 'daemon', name, passwordIn(daemonUrlFile));
  writePrivateText(daemonUrlFile, `${daemonUrl}\n`);
  return { personUrl, firstPerson, daemonUrlFile };
}

async function urlFor(
  adminUrl: string,
  kind: 'person' | 'daemon',
  name: string,
  password = newPassword(),
): Promise<string> {
  const url = new URL(adminUrl);
  url.username = await ensureLogin(adminUrl, { kind, name, password });
  url.password = password;
  return url.href;
}

/** The file of an earlier prepareExternalDatabase on this machine, if there is one. */
export function findDaemonUrlFile(paths: Paths, url: string): string | undefined {
  const file = daemonUrlFileOf(paths, url);
  return existsSync(file) ? file : undefined;
}

/** The same from start to start: a daemon that runs keeps its way in. */
function passwordIn(file: string): string | undefined {
  return existsSync(file) ? new URL(readFileSync(file, 'utf8').trim()).password : undefined;
}

/** One for each database, whoever's login the URL names. */
function daemonUrlFileOf(paths: Paths, url: string): string {
  const { hostname, port, pathname } = new URL(url);
  const place = `${hostname}:${port || '5432'}${pathname}`;
  const hash = createHash('sha256').update(place).digest('hex').slice(0, 12);
  return path.join(paths.data, `daemon-${hash}.url`);
}

async function isEmpty(adminUrl: string): Promise<boolean> {
  const client = await connect(adminUrl);
  try {
    const { rowCount } = await client.query('select from coffee.people limit 1');
    return rowCount === 0;
  } finally {
    await client.end();
  }
}
