import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import type { DashboardBuild, DashboardProgram } from './dashboard-program';
import type { TestDatabase } from './database';

const PASSWORD = 'for this test only';

/** A team's dashboard, which also takes what SDKs and machines send, each with a login of its own. */
export async function startSharedDashboard(
  build: DashboardBuild,
  database: TestDatabase,
  settings: Record<string, string> = {},
): Promise<DashboardProgram> {
  const urlOf = async (kind: 'dashboard' | 'collector'): Promise<string> => {
    const login = { kind, name: kind, password: PASSWORD };
    return database.urlFor(await ensureLogin(database.superuserUrl, login), PASSWORD);
  };
  return build.start({
    database_url: await urlOf('dashboard'),
    collector_url: await urlOf('collector'),
    ...settings,
  });
}
