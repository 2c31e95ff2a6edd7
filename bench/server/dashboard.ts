import { runDaemonProcess } from '@coffee-roadmap/shared/local-stack/daemon-process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BenchDatabase } from './bench-server';

export interface BenchDashboard {
  address: string;
  stop(): Promise<void>;
}

const PATIENCE_MS = 30_000;

/** The built dashboard, as `npm start` runs it, with a collector's login. */
export async function startDashboard(database: BenchDatabase): Promise<BenchDashboard> {
  const home = mkdtempSync(path.join(os.tmpdir(), 'coffee-bench-'));
  let told: (address: string) => void = () => undefined;
  const serving = new Promise<string>((resolve) => (told = resolve));
  const dashboard = runDaemonProcess({
    program: 'dashboard',
    env: {
      ...{ HOME: home, PATH: process.env.PATH ?? '' },
      COFFEE_ROADMAP_DASHBOARD_DATABASE_URL: await database.login('dashboard', 'dashboard'),
      COFFEE_ROADMAP_DASHBOARD_COLLECTOR_URL: await database.login('collector', 'collector'),
      COFFEE_ROADMAP_DASHBOARD_PORT: '0',
      COFFEE_ROADMAP_DASHBOARD_KEY_PER_MINUTE: '1000000',
    },
    logFile: path.join(home, 'dashboard.log'),
    onMessage: (message) => told((message as { address: string }).address),
  });
  const stop = async (): Promise<void> => {
    await dashboard.stop();
    rmSync(home, { recursive: true, force: true });
  };
  const late = AbortSignal.timeout(PATIENCE_MS);
  try {
    const address = await Promise.race([
      serving,
      new Promise<never>((_, reject) =>
        late.addEventListener('abort', () => reject(new Error('the dashboard did not start'))),
      ),
    ]);
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
