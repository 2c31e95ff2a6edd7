import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { ERROR_CODES } from '@coffee-roadmap/shared/errors';
import { armFailpoint } from '@coffee-roadmap/shared/tasks/failpoint';
import { loadDaemonConfig } from './config';
import { startDaemon } from './daemon';
import { checkHealth } from './health';
import { stopWithStarter } from './starter-gone';

async function main(): Promise<void> {
  // Whoever read our log has ended; that is no reason to end in the middle of the work.
  process.stderr.on('error', () => undefined);
  const config = loadDaemonConfig();
  if (process.argv[2] === 'health') return checkHealth(config);
  armFailpoint(config.crashAt);
  const daemon = await startDaemon(config);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    daemon.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  stopWithStarter(stop);
}

function fail(error: unknown): never {
  const { code, message, hint } = toAppError(error);
  process.stderr.write(`${[message, hint].filter(Boolean).join('\n')}\n`);
  // What had been opened before would keep the process.
  process.exit(ERROR_CODES[code]);
}

main().catch(fail);
