import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Config } from '../config/config';
import { freePort } from '../postgres/ports';
import { runDaemonProcess, type DaemonEnd } from './daemon-process';
import { noteDashboard, type RunningDashboard } from './running-dashboard';
import { collectorUrlFile } from './start-database';
import { endStrayDaemon } from './stray-daemon';

export const DASHBOARD_PORT = 4780;

export interface DashboardProcess extends RunningDashboard {
  stop(): Promise<void>;
}

export interface DashboardProcessOptions {
  config: Config;
  /** The login that it reads with. */
  personUrl: string;
  /** Undefined: the usual one, or any free one where that is taken. */
  port: number | undefined;
  onEnded?: (end: DaemonEnd, logFile: string) => void;
}

/**
 * Runs the dashboard with a person's own login and starts it again when it ends by itself. Undefined
 * when it does not serve within the patience; `onEnded` was told why.
 */
export async function runDashboardProcess(
  options: DashboardProcessOptions,
  patienceMs = 15_000,
): Promise<DashboardProcess | undefined> {
  const { paths, env } = options.config;
  const noteFile = path.join(paths.state, 'dashboard-process.json');
  await endStrayDaemon(noteFile);
  const wanted = options.port ?? (await freePort(DASHBOARD_PORT)) ?? (await freePort(0));
  const logFile = path.join(paths.state, 'dashboard.log');
  let serving: (running: RunningDashboard) => void = () => undefined;
  const served = new Promise<RunningDashboard>((resolve) => (serving = resolve));
  const settings = Object.entries(env.settings).filter(
    ([name]) => name.startsWith('dashboard_') || name === 'trace_content',
  );
  let giveUp: () => void = () => undefined;
  const failed = new Promise<undefined>((resolve) => (giveUp = () => resolve(undefined)));
  const child = runDaemonProcess({
    program: 'dashboard',
    env: {
      PATH: env.path,
      HOME: env.home,
      ...(env.xdgStateHome === undefined ? {} : { XDG_STATE_HOME: env.xdgStateHome }),
      ...Object.fromEntries(
        settings.map(([name, value]) => [`COFFEE_ROADMAP_${name.toUpperCase()}`, value]),
      ),
      ...collectorOf(options),
      COFFEE_ROADMAP_DASHBOARD_OWN_URL: options.personUrl,
      COFFEE_ROADMAP_DASHBOARD_PORT: String(wanted ?? DASHBOARD_PORT),
    },
    logFile,
    noteFile,
    onEnded(end) {
      options.onEnded?.(end, logFile);
      giveUp(); // what fails at the start fails again; later it is started anew
    },
    onMessage: (message) => serving(message as RunningDashboard),
  });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), patienceMs);
  });
  const running = await Promise.race([served, late, failed]);
  clearTimeout(timer);
  if (running === undefined) {
    await child.stop();
    return undefined;
  }
  const forget = noteDashboard(paths, running);
  return {
    ...running,
    async stop() {
      forget();
      await child.stop();
    },
  };
}

/** The collector's login where it is one of the same server: this machine's own database has one. */
function collectorOf({ config, personUrl }: DashboardProcessOptions): Record<string, string> {
  const file = collectorUrlFile(config.paths);
  const { settings } = config.env;
  const isChosen =
    'dashboard_collector_url' in settings || 'dashboard_collector_url_file' in settings;
  if (isChosen || !existsSync(file)) return {};
  const url = readFileSync(file, 'utf8').trim();
  const isSame = URL.canParse(url) && new URL(url).host === new URL(personUrl).host;
  return isSame ? { COFFEE_ROADMAP_DASHBOARD_COLLECTOR_URL_FILE: file } : {};
}
