import { startEmbeddedPostgres } from '../embedded-postgres';

/** What trial-process runs: starts as argv says, prints what it got, and lingers if it is told to. */
async function main(): Promise<void> {
  const { linger, ...options } = JSON.parse(process.argv[2]!);
  const log = (line: string) => process.stderr.write(`${line}\n`);
  const server = await startEmbeddedPostgres({ ...options, log });
  process.stdout.write(`${JSON.stringify({ server })}\n`);
  if (linger) setInterval(() => undefined, 60_000);
}

main().catch((error: { code?: string; message: string; hint?: string }) => {
  const { code, message, hint } = error;
  process.stdout.write(`${JSON.stringify({ error: { code, message, hint } })}\n`);
});
