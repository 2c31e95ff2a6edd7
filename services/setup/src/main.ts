import { isAppError, messageOf } from '@coffee-roadmap/shared/errors';
import { readEnvironment } from '@coffee-roadmap/shared/config/env';
import { loadSetup } from './config';
import { makeSuperuserPassword } from './superuser';
import { setUpDatabase } from './set-up-database';

/** The one-shot programs of the Compose stack: `setup secrets` before Postgres, `setup migrate` after. */
async function main(): Promise<void> {
  const setup = loadSetup(readEnvironment());
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const [verb] = process.argv.slice(2);
  if (verb === 'secrets') return makeSuperuserPassword(setup, say);
  if (verb === 'migrate') return setUpDatabase(setup, say);
  throw new Error('usage: setup secrets|migrate');
}

main().catch((error: unknown) => {
  const hint = isAppError(error) ? error.hint : undefined;
  process.stderr.write(`${[messageOf(error), hint].filter(Boolean).join('\n')}\n`);
  process.exitCode = 1;
});
