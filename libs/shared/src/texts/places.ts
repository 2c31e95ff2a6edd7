import type { Config } from '../config/config';
import { findHttpSettings, findPushSettings } from '../imports/push-settings';

const OF_THIS_MACHINE = 'the database of npm start on this machine';

/** Where `push` may send from here, for people to read; none where nothing is set up. */
export function placesOf(config: Config): string[] {
  const direct =
    findPushSettings(config)?.collector_url ?? config.databaseUrl ?? config.teamDatabaseUrl;
  const http = findHttpSettings(config)?.http_url;
  return [
    ...(direct === undefined ? [] : [databasePlace(config, direct)]),
    ...(http === undefined ? [] : [httpPlace(http)]),
  ];
}

/** `Postgres at host:port/name`: never a user or a password. */
export function databasePlace(config: Config, url: string): string {
  // Its port is another one after each start.
  if (config.file.embedded === true && url === config.file.database_url) return OF_THIS_MACHINE;
  const read = URL.canParse(url) ? new URL(url) : undefined;
  const host = read?.searchParams.get('host') ?? read?.hostname ?? '';
  const port = read?.searchParams.get('port') ?? read?.port ?? '';
  return `Postgres at ${host || 'localhost'}:${port || '5432'}${read?.pathname ?? ''}`;
}

export const httpPlace = (url: string): string => `the dashboard at ${new URL(url).origin}`;
