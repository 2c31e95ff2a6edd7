import { AppError } from '@coffee-roadmap/shared/errors';
import { DATABASE } from '@coffee-roadmap/shared/local-stack/start-database';
import { ensurePrivateFolder } from '@coffee-roadmap/shared/config/paths';
import { startEmbeddedPostgres } from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Context } from './context';
import { describeDatabase } from './database-url';
import { refuseSecondDatabase } from './commands/up/compose-stack';

export interface Server {
  /** ADMIN_DATABASE_URL, or the superuser's of this machine's own server. */
  url: string;
  database: string;
  /** This machine's own. */
  own: boolean;
}

/**
 * Runs `work` with the server that ADMIN_DATABASE_URL names, else with this machine's own, which is
 * started where it does not run, and stopped again. `make`: also where there is none yet.
 */
export async function withServer<T>(
  context: Context,
  { make }: { make: boolean },
  work: (server: Server) => Promise<T>,
): Promise<T> {
  const config = context.config();
  const { env, file, paths } = config;
  if (env.adminDatabaseUrl !== undefined) {
    const { name } = describeDatabase(env.adminDatabaseUrl);
    return work({ url: env.adminDatabaseUrl, database: name, own: false });
  }
  const elsewhere =
    env.databaseUrl !== undefined || (file.database_url !== undefined && file.embedded !== true);
  const dataDir = path.join(paths.data, 'postgres');
  if (!elsewhere && !make && !existsSync(dataDir)) {
    throw new AppError('not_configured', 'this machine has no database of its own', {
      hint: 'npm start brings one up; ADMIN_DATABASE_URL names another one, as its superuser.',
    });
  }
  if (elsewhere) {
    throw new AppError('not_configured', 'only the superuser of a database can do this', {
      hint: 'Set ADMIN_DATABASE_URL to the superuser’s URL of it: docs/recovery.md says where it is.',
    });
  }
  if (!existsSync(dataDir)) await refuseSecondDatabase(config);
  ensurePrivateFolder(paths.data);
  const server = await startEmbeddedPostgres({ dataDir });
  const url = new URL(server.superuserUrl);
  url.pathname = `/${DATABASE}`;
  try {
    return await work({ url: url.href, database: DATABASE, own: true });
  } finally {
    if (!server.reused) await server.stop();
  }
}
