import { newOwnLink } from '@coffee-roadmap/shared/dashboard/own-links';
import { newDashboardLink } from '@coffee-roadmap/shared/dashboard/queries';
import type { Config } from '@coffee-roadmap/shared/config/config';
import type { Session } from '@coffee-roadmap/shared/db/session';
import { DASHBOARD_PORT } from '@coffee-roadmap/shared/local-stack/dashboard-process';
import {
  findRunningDashboard,
  type RunningDashboard,
} from '@coffee-roadmap/shared/local-stack/running-dashboard';

export interface MadeLink {
  link: string;
  expiresAt: Date;
}

/** The dashboard that a link is for: the one that runs here, else the team's. */
export function findDashboard({ paths, env }: Config): RunningDashboard {
  const address = env.settings.dashboard_public_url;
  if (address !== undefined) return { address: new URL(address).origin, kind: 'shared' };
  const port = env.settings.dashboard_port ?? String(DASHBOARD_PORT);
  return findRunningDashboard(paths) ?? { address: `http://127.0.0.1:${port}`, kind: 'shared' };
}

/** A link that signs one browser in, once, within ten minutes. `openSession` is for the team's. */
export async function makeLink(
  { paths }: Config,
  dashboard: RunningDashboard,
  withSession: <T>(work: (session: Session<'person'>) => Promise<T>) => Promise<T>,
): Promise<MadeLink> {
  const toLink = (code: string): string => `${dashboard.address}/sign-in#${code}`;
  if (dashboard.kind === 'own') {
    const { code, expiresAt } = newOwnLink(paths.state);
    return { link: toLink(code), expiresAt };
  }
  const { code, expires_at } = await withSession(newDashboardLink);
  return { link: toLink(code), expiresAt: expires_at };
}
