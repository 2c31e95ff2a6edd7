import { valueOf } from '../../../db/tests/refusal';
import { createWorld, type Who, type World } from '../../../db/tests/world';
import {
  buildDashboard,
  type DashboardBuild,
  type DashboardProgram,
} from '../../support/dashboard-program';

/** Two teams with work, and the dashboard that serves both. */
export interface Office {
  world: World;
  build: DashboardBuild;
  dashboard: DashboardProgram;
  /** The code of a one-time link of this person. */
  code(who: Who): Promise<string>;
  /** Its address. */
  link(who: Who): Promise<string>;
  close(): Promise<void>;
}

export async function openOffice(): Promise<Office> {
  const world = await createWorld();
  const build = buildDashboard();
  const { login, password } = world.login('dashboard');
  const dashboard = await build.start({
    database_url: world.database.urlFor(login, password),
    sign_in_limit: '30',
  });
  const code = async (who: Who): Promise<string> =>
    valueOf(await world.as(who), 'select code from coffee.new_dashboard_link()');
  return {
    world,
    build,
    dashboard,
    code,
    link: async (who) => `${dashboard.address}/sign-in#${await code(who)}`,
    async close() {
      await build.close();
      await world.close();
    },
  };
}
