import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { armFailpoint } from '@coffee-roadmap/shared/tasks/failpoint';
import { loadDaemonConfig } from './config';
import { startDaemon } from './daemon';
import { stopWithStarter } from './starter-gone';

async function main(): Promise<void> {
  const config = loadDaemonConfig();
  armFailpoint(config.crashAt);
  const daemon = await startDaemon(config);
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    void daemon.stop().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  stopWithStarter(stop);
}

main().catch((error: unknown) => {
  const failure = toAppError(error);
  process.stderr.write(`${[failure.message, failure.hint].filter(Boolean).join('\n')}\n`);
  process.exitCode = 1;
});
