import { toAppError } from '@coffee-roadmap/shared/db/app-errors';
import { loadSlackbotConfig } from './config';
import { armCrashPoint } from './crash-point';
import { isHealthy, keepHealth } from './health';
import { log } from './log';
import { startSlackbot } from './slackbot';

const NO_TOKENS =
  'no Slack tokens are set, so nothing goes to Slack; docs/slack.md says how to get them';

/** `slackbot`, or `slackbot health`, which ends with 0 when the one that runs is well. */
async function main(): Promise<void> {
  const config = loadSlackbotConfig();
  if (process.argv[2] === 'health') {
    process.exitCode = isHealthy(config.healthFile) ? 0 : 1;
    return;
  }
  armCrashPoint(config.crashAt);
  const health = keepHealth(config.healthFile);
  const ends = (work: () => Promise<void>) => (): void => {
    health.stop();
    void work().finally(() => process.exit(0));
  };
  const onSignal = (end: () => void): void => {
    process.once('SIGTERM', end);
    process.once('SIGINT', end);
  };
  if (config.slack === undefined) {
    log('info', NO_TOKENS);
    health.set('idle');
    onSignal(ends(() => Promise.resolve()));
    return;
  }
  const bot = await startSlackbot(config.slack, health);
  onSignal(ends(() => bot.stop()));
}

main().catch((error: unknown) => {
  const failure = toAppError(error);
  process.stderr.write(`${[failure.message, failure.hint].filter(Boolean).join('\n')}\n`);
  process.exit(1);
});
