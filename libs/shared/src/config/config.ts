import os from 'node:os';
import path from 'node:path';
import { AppError } from '../errors';
import { readEnvironment, type Environment } from './env';
import { pathsOf, type Paths } from './paths';
import { readPrivateJson, writePrivateJson } from './private-file';

/** config.json, as written by `login` and by the embedded start. */
export interface ConfigFile {
  database_url?: string;
  team_database_url?: string;
  /** True when database_url points at the embedded Postgres of this machine. */
  embedded?: boolean;
  /** Project used where none is named. */
  project?: string;
}

export interface Config {
  env: Environment;
  paths: Paths;
  file: ConfigFile;
  /** One's own database: the environment's, else the file's. */
  databaseUrl: string | undefined;
  /** For publish, roadmap and notifications; one's own where no other is set. */
  teamDatabaseUrl: string | undefined;
  /** This machine's name, for people. */
  host: string;
}

export function loadConfig(env: Environment = readEnvironment()): Config {
  const paths = pathsOf(env);
  const file = readConfig(paths);
  checkTypes(file, configFile(paths));
  const databaseUrl = env.databaseUrl ?? file.database_url;
  return {
    env,
    paths,
    file,
    databaseUrl,
    teamDatabaseUrl: env.teamDatabaseUrl ?? file.team_database_url ?? databaseUrl,
    host: os.hostname(),
  };
}

/** What a person may have typed into it. */
const TYPES: Record<keyof ConfigFile, 'string' | 'boolean'> = {
  database_url: 'string',
  team_database_url: 'string',
  embedded: 'boolean',
  project: 'string',
};

function checkTypes(file: ConfigFile, name: string): void {
  for (const [key, type] of Object.entries(TYPES)) {
    const value: unknown = file[key as keyof ConfigFile];
    if (value === undefined || typeof value === type) continue;
    throw new AppError('not_configured', `${key} in ${name} has to be a ${type}`, {
      hint: 'Mend it there, or take the line away.',
    });
  }
}

/** Changes only the keys given; undefined removes one. */
export function saveConfig(paths: Paths, change: ConfigFile): ConfigFile {
  const file = { ...readConfig(paths), ...change };
  writePrivateJson(configFile(paths), file);
  return file;
}

/** The team's database. Throws `not_configured` with the next step where none is known, or no URL of one. */
export function requireDatabase(config: Config): string {
  return checkUrl(config.teamDatabaseUrl, config.env);
}

/** The database that holds one's own detail: time, usage, phrases. Throws as `requireDatabase`. */
export function requireOwnDatabase(config: Config): string {
  return checkUrl(config.databaseUrl ?? config.teamDatabaseUrl, config.env);
}

function checkUrl(url: string | undefined, env: Environment): string {
  if (url !== undefined && /^postgres(?:ql)?:\/\//.test(url)) return url;
  if (url !== undefined) {
    const names = { TEAM_DATABASE_URL: env.teamDatabaseUrl, DATABASE_URL: env.databaseUrl };
    const [name = 'config.json'] = Object.entries(names).find(([, value]) => value === url) ?? [];
    throw new AppError('not_configured', `${name} names no Postgres database`, {
      hint: 'It looks like postgres://LOGIN:PASSWORD@HOST:5432/DATABASE.',
    });
  }
  throw new AppError('not_configured', 'no database is configured yet', {
    hint: 'npm start brings one up here; coffee-roadmap login URL uses a team’s.',
  });
}

const readConfig = (paths: Paths): ConfigFile =>
  readPrivateJson<ConfigFile>(
    configFile(paths),
    'Mend it, or move it away and run coffee-roadmap login or npm start again.',
  ) ?? {};

function configFile(paths: Paths): string {
  return path.join(paths.config, 'config.json');
}
