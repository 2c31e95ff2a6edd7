import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { saveConfig, type Config } from '@coffee-roadmap/shared/config/config';
import { writePrivateText } from '@coffee-roadmap/shared/config/private-file';
import { localLogins } from '@coffee-roadmap/shared/local-stack/logins-file';
import {
  migrateOrExplain,
  startLocalDatabase,
} from '@coffee-roadmap/shared/local-stack/start-database';
import path from 'node:path';

export interface UpDatabase {
  /** For the person. */
  url: string;
  /** Undefined: this machine has no daemon's login for that database. */
  daemonUrlFile: string | undefined;
  embedded: boolean;
  /** Ends the server if this call started it. */
  stop(): Promise<void>;
}

/** The configured database if there is one, else the embedded one, brought up and migrated. */
export async function upDatabase(config: Config, log: (line: string) => void): Promise<UpDatabase> {
  const { databaseUrl, file, env } = config;
  const own =
    databaseUrl === undefined || (file.embedded === true && env.databaseUrl === undefined);
  return own ? upEmbedded(config, log) : upConfigured(config, databaseUrl, log);
}

async function upEmbedded(config: Config, log: (line: string) => void): Promise<UpDatabase> {
  const { paths, env } = config;
  const database = await startLocalDatabase({ paths, user: env.user, log });
  if (config.file.database_url !== database.personUrl) {
    saveConfig(paths, { database_url: database.personUrl, embedded: true });
  }
  return {
    url: database.personUrl,
    daemonUrlFile: database.daemonUrlFile,
    embedded: true,
    stop: () => (database.server.reused ? Promise.resolve() : database.server.stop()),
  };
}

/** A database of one's own elsewhere. With its superuser's URL it is migrated and gets a daemon. */
async function upConfigured(
  config: Config,
  url: string,
  log: (line: string) => void,
): Promise<UpDatabase> {
  const { paths, env } = config;
  const stop = (): Promise<void> => Promise.resolve();
  const given = env.settings.daemon_url_file;
  if (env.adminDatabaseUrl === undefined) {
    return { url, daemonUrlFile: given, embedded: false, stop };
  }
  await migrateOrExplain(env.adminDatabaseUrl, log);
  const logins = localLogins(paths, env.user);
  const name = `daemon on ${config.host}`;
  const { password } = logins.daemon;
  const daemonUrl = new URL(env.adminDatabaseUrl);
  daemonUrl.username = await ensureLogin(env.adminDatabaseUrl, { kind: 'daemon', name, password });
  daemonUrl.password = password;
  const daemonUrlFile = path.join(paths.data, 'daemon.url');
  writePrivateText(daemonUrlFile, `${daemonUrl.href}\n`);
  return { url, daemonUrlFile, embedded: false, stop };
}
