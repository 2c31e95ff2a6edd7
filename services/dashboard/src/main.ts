import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { loadDashboardConfig } from './config';
import { askHealth } from './health';
import { log } from './log';
import { openSdk } from './sdk';
import { startDashboard } from './server';

/** `dashboard`, or `dashboard health`, which ends with 0 when the one that runs is well. */
async function main(): Promise<void> {
  const config = loadDashboardConfig();
  if (process.argv[2] === 'health') {
    process.exitCode = (await askHealth(config)) ? 0 : 1;
    return;
  }
  const dashboard = await startDashboard(config, () => openSdk(config));
  log('info', `serves ${dashboard.address}`);
  // Whoever started it hears where, and ends it by going away.
  process.send?.({ address: dashboard.address, kind: dashboard.gate.kind });
  const end = (): void => void dashboard.stop().finally(() => process.exit(0));
  process.once('SIGTERM', end);
  process.once('SIGINT', end);
  process.once('disconnect', end);
}

main().catch((error: unknown) => {
  const failure = toAppError(error);
  process.stderr.write(`${[failure.message, failure.hint].filter(Boolean).join('\n')}\n`);
  process.exit(1);
});
