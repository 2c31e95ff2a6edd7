import type { Config } from '../config/config';
import { openSession } from '../db/session';
import { databasePlace } from '../texts/places';
import { findPushSettings } from './push-settings';
import type { Reporter } from './queries';

/** The collector's login with this machine's token where that is set up, else one's own login; undefined where neither is. */
export async function openReporter(config: Config): Promise<Reporter | undefined> {
  const settings = findPushSettings(config);
  if (settings !== undefined) {
    const session = await openSession(settings.collector_url, 'collector', { connections: 1 });
    const place = databasePlace(config, settings.collector_url);
    return { session, token: settings.machine_token, place };
  }
  const url = config.databaseUrl ?? config.teamDatabaseUrl;
  if (url === undefined) return undefined;
  const session = await openSession(url, 'person', { connections: 1 });
  return { session, place: databasePlace(config, url) };
}
