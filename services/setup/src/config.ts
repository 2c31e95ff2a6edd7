import type { Environment } from '@coffee-roadmap/shared/config/env';
import path from 'node:path';

/** The programs of the stack that have a login of their own, and a folder of the same name for it. */
export const PROGRAMS = ['daemon', 'slackbot', 'dashboard', 'collector'] as const;

export type Program = (typeof PROGRAMS)[number];

export interface Setup {
  /** Seen by Postgres and by the programs that set it up. */
  superuserPassword: string;
  /** The file with the program's own database URL, in a volume of its own. */
  urlFile(program: Program): string;
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
    urlFile: (program) => path.join(folder, program, 'url'),
    cliConfig: path.join(folder, 'cli'),
    firstPerson: settings.admin ?? 'admin',
    host: settings.postgres_host ?? 'postgres',
    port: Number(settings.postgres_port ?? 5432),
    database: 'coffee_roadmap',
  };
}
