import { requireDatabase } from '@coffee-roadmap/shared/config/config';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { findPushSettings } from '@coffee-roadmap/shared/imports/push-settings';
import type { Reporter } from '@coffee-roadmap/shared/imports/queries';
import type { Context } from '../../context';

/** The collector's login with this machine's token where that is set up, else one's own login. */
export async function openReporter(context: Context): Promise<Reporter> {
  const config = context.config();
  const settings = findPushSettings(config);
  if (settings === undefined) {
    const url = config.databaseUrl ?? requireDatabase(config);
    return { session: await openSession(url, 'person', { connections: 1 }) };
  }
  const session = await openSession(settings.collector_url, 'collector', { connections: 1 });
  return { session, token: settings.machine_token };
}
