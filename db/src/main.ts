import { migrate } from './migrate';
import { MigrationError } from './migration-error';

/** `node dist/migrate.js URL`: what the one-shot service of the compose stack runs. */
async function main(): Promise<void> {
  const url = process.argv[2];
  if (url === undefined) throw new Error('usage: migrate SUPERUSER_URL');
  const result = await migrate(url, { log: (line) => process.stderr.write(`${line}\n`) });
  process.stdout.write(`database at version ${result.version}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  if (error instanceof MigrationError) process.stderr.write(`${error.hint}\n`);
  process.exitCode = 1;
});
