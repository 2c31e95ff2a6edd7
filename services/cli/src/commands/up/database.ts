import { saveConfig, type Config } from '@coffee-roadmap/shared/config/config';
import { AppError } from '@coffee-roadmap/shared/errors';
import {
  findDaemonUrlFile,
  prepareExternalDatabase,
} from '@coffee-roadmap/shared/local-stack/external-database';
import { startLocalDatabase } from '@coffee-roadmap/shared/local-stack/start-database';
import { parseDatabaseUrl } from '../../database-url';
import { refuseSecondDatabase } from './compose-stack';
import { explainDatabase, type UrlSource } from './explain-database';

export interface UpDatabase {
  /** The person's login. */
  url: string;
  source: UrlSource;
  /** Undefined: this machine has no daemon's login for that database. */
  daemonUrlFile: string | undefined;
  /** This call made the person's login. */
  firstPerson: boolean;
  /** Ends the server, if that is ours to do; whether it did. */
  stop(): Promise<boolean>;
}

export interface UpDatabaseOptions {
  /** A killed `up` may have left its server running. */
  afterKill: boolean;
  log: (line: string) => void;
}

/** The configured database if there is one, else the embedded one, brought up and migrated. */
export function upDatabase(config: Config, options: UpDatabaseOptions): Promise<UpDatabase> {
  const { env, file } = config;
  if (env.adminDatabaseUrl !== undefined) {
    return upAdministered(config, env.adminDatabaseUrl, options);
  }
  if (env.databaseUrl !== undefined) return upGiven(config, env.databaseUrl, 'environment');
  if (file.database_url === undefined || file.embedded === true) return upOwn(config, options);
  return upGiven(config, file.database_url, 'file');
}

async function upOwn(config: Config, { afterKill, log }: UpDatabaseOptions): Promise<UpDatabase> {
  await refuseSecondDatabase(config);
  const { paths, env } = config;
  const database = await startLocalDatabase({ paths, user: env.user, log });
  if (config.file.database_url !== database.personUrl) {
    saveConfig(paths, { database_url: database.personUrl, embedded: true });
  }
  const { server } = database;
  return {
    url: database.personUrl,
    source: 'own',
    daemonUrlFile: database.daemonUrlFile,
    firstPerson: false,
    async stop() {
      if (server.reused && !afterKill) return false;
      await server.stop();
      return true;
    },
  };
}

/** Somebody else's server, as it is: nothing is migrated. */
async function upGiven(config: Config, text: string, source: UrlSource): Promise<UpDatabase> {
  const url = parseUrl(text, source === 'file' ? 'config.json' : 'DATABASE_URL');
  return {
    url,
    source,
    daemonUrlFile: config.env.settings.daemon_url_file ?? findDaemonUrlFile(config.paths, url),
    firstPerson: false,
    stop: () => Promise.resolve(false),
  };
}

/** Somebody else's server with its superuser's URL: migrated, and with the logins that are missing. */
async function upAdministered(
  config: Config,
  text: string,
  { log }: UpDatabaseOptions,
): Promise<UpDatabase> {
  const { paths, env, host } = config;
  const adminUrl = parseUrl(text, 'ADMIN_DATABASE_URL');
  const given = personsUrl(config, adminUrl);
  const prepared = await prepareExternalDatabase({
    adminUrl,
    paths,
    user: env.user,
    host,
    personUrl: given?.url,
    log,
  }).catch((error: unknown) => {
    throw explainDatabase(error, 'administrator');
  });
  const { personUrl: url, firstPerson, daemonUrlFile } = prepared;
  if (firstPerson) saveConfig(paths, { database_url: url, embedded: undefined });
  return {
    url,
    source: firstPerson ? 'file' : (given?.source ?? 'file'),
    daemonUrlFile,
    firstPerson,
    stop: () => Promise.resolve(false),
  };
}

/** A login that is not the superuser's own, and not that of the database of this machine. */
function personsUrl(
  { env, file }: Config,
  adminUrl: string,
): Pick<UpDatabase, 'url' | 'source'> | undefined {
  if (env.databaseUrl !== undefined) {
    const url = parseUrl(env.databaseUrl, 'DATABASE_URL');
    if (new URL(url).username !== new URL(adminUrl).username) return { url, source: 'environment' };
  }
  if (file.database_url === undefined || file.embedded === true) return undefined;
  return { url: parseUrl(file.database_url, 'config.json'), source: 'file' };
}

function parseUrl(text: string, name: string): string {
  try {
    return parseDatabaseUrl(text).href;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError(error.code, `${name}: ${error.message}`, { hint: error.hint });
  }
}
