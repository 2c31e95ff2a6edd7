import {
  runDashboardProcess,
  type DashboardProcess,
} from '@coffee-roadmap/shared/local-stack/dashboard-process';
import type { Context } from '../../context';
import type { Output } from '../../output';
import { withProgress } from '../../terminal/progress';
import { stripEscapes } from '../../terminal/strip-escapes';
import type { UpDatabase } from './database';
import type { UpOptions } from './register';

/** The dashboard with this person's login; undefined when it is not wanted or does not start. */
export async function startDashboard(
  { config, streams }: Context,
  options: UpOptions,
  { url }: UpDatabase,
  out: Output,
): Promise<DashboardProcess | undefined> {
  if (!options.dashboard) return undefined;
  const { settings } = config().env;
  let told = '';
  return withProgress(streams.stderr, 'starting the dashboard', () =>
    runDashboardProcess({
      config: config(),
      personUrl: url,
      port: settings.dashboard_port === undefined ? undefined : Number(settings.dashboard_port),
      onEnded({ complaint }, logFile) {
        const words = complaint.map((line) => stripEscapes(line)).join(' ');
        if (words === told) return;
        told = words;
        out.say(`The dashboard ended${words === '' ? '' : `: ${words}`}. Its log: ${logFile}`);
      },
    }),
  );
}
