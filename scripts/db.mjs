// npm run db:migrate [URL] | db:new NAME | db:generate | db:verify
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { ensureInstalled, main, root } from './bootstrap.mjs';

const require = createRequire(import.meta.url);
const [verb, argument] = process.argv.slice(2);

await main(async () => {
  const run = { migrate, new: newFile, generate, verify }[verb];
  if (run === undefined) return fail('usage: npm run db:migrate|db:new|db:generate|db:verify');
  ensureInstalled();
  try {
    await run(await bundle());
  } catch (error) {
    if (error?.hint === undefined) throw error; // not one of those that say what to do
    fail(error.message, error.hint);
  }
});

async function migrate({ migrate, env }) {
  const url = argument ?? env.readEnvironment().adminDatabaseUrl;
  if (url === undefined) {
    return fail(
      'No database is named. npm start migrates its own.',
      'For another one: npm run db:migrate postgres://SUPERUSER@HOST/DATABASE, or ADMIN_DATABASE_URL.',
    );
  }
  try {
    const { version } = await migrate.migrate(url, { log: say });
    say(`the database is at version ${version}`);
  } catch (error) {
    // What our own code throws says what to do; what is left comes from the server or the network.
    fail(error.message, error.hint ?? 'Is this the URL of a superuser of a running Postgres?');
  }
}

async function newFile({ newMigration, source }) {
  try {
    const file = newMigration.newMigration(source.databaseFolder(), argument ?? '');
    console.log(path.relative(process.cwd(), file));
  } catch (error) {
    fail(error.message, 'npm run db:new NAME');
  }
}

async function generate(tools) {
  const changed = await withServer(tools, (url) => tools.generate.generate(url));
  say(changed.length === 0 ? 'nothing changed' : `written: ${changed.join(', ')}`);
}

async function verify(tools) {
  const problems = await withServer(tools, (url) => tools.generate.verify(url));
  if (problems.length > 0) fail(...problems);
  else say('types, access matrix and table reference are up to date; the lints find nothing');
}

/** A server that is named, or an embedded one for the moment; only scratch databases are made. */
async function withServer({ env, embedded }, work) {
  const url = process.env.TEST_DATABASE_URL || env.readEnvironment().adminDatabaseUrl;
  if (url) return work(url);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-roadmap-db-'));
  const dataDir = path.join(folder, 'postgres');
  const end = async () => {
    await embedded.removeEmbeddedPostgres(dataDir);
    rmSync(folder, { recursive: true, force: true });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, () => void end().finally(() => process.exit(130)));
  }
  try {
    const server = await embedded.startEmbeddedPostgres({ dataDir, durable: false });
    return await work(server.superuserUrl);
  } finally {
    await end();
  }
}

async function bundle() {
  const { build } = await import('esbuild');
  const outdir = path.join(root, 'dist', 'db');
  await build({
    entryPoints: {
      env: path.join(root, 'libs/shared/src/config/env.ts'),
      embedded: path.join(root, 'libs/shared/src/postgres/embedded-postgres.ts'),
      generate: path.join(root, 'db/src/generate.ts'),
      migrate: path.join(root, 'db/src/migrate.ts'),
      newMigration: path.join(root, 'db/src/new-migration.ts'),
      source: path.join(root, 'db/src/source.ts'),
    },
    outdir,
    bundle: true,
    platform: 'node',
    target: 'node20.9',
    format: 'cjs',
    packages: 'external',
    tsconfig: path.join(root, 'tsconfig.json'),
    logLevel: 'warning',
  });
  const load = (name) => require(path.join(outdir, `${name}.js`));
  return {
    env: load('env'),
    embedded: load('embedded'),
    generate: load('generate'),
    migrate: load('migrate'),
    newMigration: load('newMigration'),
    source: load('source'),
  };
}

function fail(...lines) {
  for (const line of lines) say(line);
  process.exitCode = 1;
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
