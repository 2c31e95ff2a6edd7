import type { Environment } from '@coffee-roadmap/shared/config/env';
import path from 'node:path';

export interface Setup {
  /** Seen by Postgres and by the programs that set it up. */
  superuserPassword: string;
  /** By program: the file with its own database URL, in a volume of its own. */
  urlFiles: { daemon: string; slackbot: string };
  /** The configuration folder of the cli service, which is the first person's. */
  cliConfig: string;
  firstPerson: string;
  host: string;
  port: number;
  database: string;
}

/** The folders are those of docker-compose.yml. */
export function loadSetup({ settings }: Environment): Setup {
  const folder = settings.secrets_folder ?? '/secrets';
  return {
    superuserPassword: path.join(folder, 'superuser', 'password'),
    urlFiles: {
      daemon: path.join(folder, 'daemon', 'url'),
      slackbot: path.join(folder, 'slackbot', 'url'),
    },
    cliConfig: path.join(folder, 'cli'),
    firstPerson: settings.admin ?? 'admin',
    host: settings.postgres_host ?? 'postgres',
    port: Number(settings.postgres_port ?? 5432),
    database: 'coffee_roadmap',
  };
}
