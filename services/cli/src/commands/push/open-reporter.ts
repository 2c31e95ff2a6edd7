import { requireOwnDatabase } from '@coffee-roadmap/shared/config/config';
import { openSession } from '@coffee-roadmap/shared/db/session';
import { openReporter as openConfigured } from '@coffee-roadmap/shared/imports/open-reporter';
import type { Reporter } from '@coffee-roadmap/shared/imports/queries';
import type { Context } from '../../context';

/** Throws `not_configured` where neither a collector nor a database is. */
export async function openReporter(context: Context): Promise<Reporter> {
  const config = context.config();
  const reporter = await openConfigured(config);
  if (reporter !== undefined) return reporter;
  return { session: await openSession(requireOwnDatabase(config), 'person', { connections: 1 }) };
}
