import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import {
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '@coffee-roadmap/shared/config/project-root';
import { createTeam, type Person, type Team } from './team';
import type { Cli } from './program';
import { takeTurnsToRestore } from '../../support/restore-turn';

let team: Team;
let bea: Person;
let olga: string;
let laptop: Cli;
let place: string;

takeTurnsToRestore();
beforeAll(async () => {
  team = await createTeam();
  bea = await team.person('Bea');
  const login = await ensureLogin(team.database.superuserUrl, {
    ...{ kind: 'auditor', name: 'Olga', password: 'for this test only' },
  });
  olga = team.database.urlFor(login, 'for this test only');
  await team.project('shop');
  place = path.join(team.ada.cli.home, 'backups');
  // Another machine, with nothing on it.
  laptop = team.program.as(undefined);
});
afterAll(async () => {
  await removeEmbeddedPostgres(dataDir());
  await team.close();
});

it('needs a login that reads every row', async () => {
  const refused = await bea.cli.run(['backup', 'create', '--in', place]);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining('ADMIN_DATABASE_URL'),
  ]);
  const env = { ADMIN_DATABASE_URL: bea.url };
  const denied = await bea.cli.run(['backup', 'create', '--in', place], { env });
  expect([denied.code, denied.stdout]).toEqual([3, '']);
  expect((await laptop.run(['backup', 'create'])).code).toBe(1);
  expect((await laptop.run(['backup', 'verify'])).code).toBe(1);
});

it('brings a lost database back on another machine, with its logins, without who was erased', async () => {
  const env = { ADMIN_DATABASE_URL: team.database.superuserUrl };
  const auditor = team.program.as(olga);
  const anchors = path.join(auditor.home, 'anchors.txt');
  await auditor.json(['audit', 'seal']);
  await auditor.json(['audit', 'anchor', anchors]);
  const made = await team.ada.cli.json<{
    name: string;
    rows: number;
    tables: number;
    made_at: string;
  }>(['backup', 'create', '--in', place], { env });
  expect(made).toMatchObject({ passwords: true, removed: [] });
  await bea.cli.json(['erase-me', '--yes']);
  await auditor.json(['audit', 'seal']);
  await auditor.json(['audit', 'anchor', anchors]);

  const listed = await team.ada.cli.run(['backup', '--in', place]);
  expect(listed.stdout).toContain(made.name);
  for (const line of listed.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);

  const rescued = path.join(laptop.home, 'rescued');
  cpSync(place, rescued, { recursive: true });
  cpSync(anchors, path.join(rescued, 'anchors.txt'));
  const said = documented('The machine of the database is lost');
  expect(said).toContain(`${made.name}: whole, ${made.rows} rows`);
  expect(said).toContain(
    `All ${made.tables} tables are proven equal, row by row: ${made.rows} rows.`,
  );
  expect(said).toContain(
    'Made 2 logins: Ada, Olga (auditor).\nErased again 1 person who had come back:\n  Bea: --erasures says so',
  );
  // It ran only while it was needed.
  const server = await startEmbeddedPostgres({ dataDir: dataDir(), durable: false });
  expect(server.reused).toBe(false);
  const there = (url: string, database = 'coffee_roadmap'): string => {
    const own = new URL(url);
    own.host = `${server.host}:${server.port}`;
    own.pathname = `/${database}`;
    return own.href;
  };
  // What was anchored before the backup is all there; of what came later the trail was cut off.
  const olgaThere = team.program.as(there(olga));
  const lines = readFileSync(anchors, 'utf8').split('\n');
  const earlier = lines.filter((line) => /^seal/.test(line) && line.split(' ')[3]! <= made.made_at);
  const verify = ['audit', 'verify', '--anchor', '-'];
  const until = await olgaThere.run(verify, { input: earlier.join('\n') });
  expect([until.code, until.stdout]).toEqual([0, expect.stringContaining('with 1 anchor kept')]);
  const since = await olgaThere.run(verify, { input: lines.join('\n') });
  expect([since.code, since.stdout]).toEqual([1, expect.stringContaining('end was cut off')]);
  const ada = team.program.as(there(team.ada.url));
  const { people } = await ada.json<{ people: { name: string }[] }>(['people', 'list']);
  expect(people.map(({ name }) => name)).toEqual(['Ada', 'Olga']);
  expect((await team.program.as(there(bea.url)).run(['status'])).code).toBe(3);
  const again = await laptop.run(['backup', 'restore', path.join(place, made.name)]);
  expect([again.code, again.stderr]).toEqual([5, expect.stringContaining('--database NAME')]);

  cpSync(place, path.join(path.dirname(dataDir()), 'backups'), { recursive: true });
  await ada.json(['teams', 'add', 'a wrong one']);
  expect(documented('A migration was wrong')).toContain('npm start goes on with it.');
  const teamsIn = async (database: string): Promise<string[]> => {
    const env = { DATABASE_URL: there(team.ada.url, database) };
    const { teams } = await laptop.json<{ teams: { name: string }[] }>(['teams', 'list'], { env });
    return teams.map(({ name }) => name);
  };
  expect(await teamsIn('coffee_roadmap')).toEqual(['team']);
  expect(await teamsIn('coffee_wrong')).toEqual(['a wrong one', 'team']);
});

it('says which file is damaged, and restores nothing of it', async () => {
  const [name] = readdirSync(place);
  truncateSync(path.join(place, name!, 'coffee.people.copy.gz'), 20);
  const found = await laptop.run(['backup', 'verify', '--in', place]);
  expect([found.code, found.stdout]).toEqual([
    1,
    `${name}: coffee.people.copy.gz has 20 bytes instead of ${sizeOf(name!)}\n`,
  ]);
  const refused = await laptop.run([
    'backup',
    'restore',
    'latest',
    '--in',
    place,
    '--database',
    'b',
  ]);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining('coffee.people.copy.gz'),
  ]);
});

/** Runs what docs/recovery.md says under this title, as somebody would on the laptop; what it said. */
function documented(title: string): string {
  const page = readFileSync(path.join(projectRoot(), 'docs/recovery.md'), 'utf8');
  const section = page.split(`\n## ${title}\n`)[1]!.split('\n## ')[0]!;
  const [, script = ''] = /```sh\n([\s\S]*?)```/.exec(section)!;
  const program = path.join(laptop.home, 'bin', 'coffee-roadmap');
  mkdirSync(path.dirname(program), { recursive: true });
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' '${laptop.file}' "$@"\n`, {
    mode: 0o755,
  });
  return execFileSync('bash', ['-ec', script], {
    ...{ cwd: laptop.home, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
    env: { HOME: laptop.home, PATH: `${path.dirname(program)}:${process.env.PATH}` },
  });
}

function dataDir(): string {
  return path.join(laptop.home, '.local/share/coffee-roadmap/postgres');
}

function sizeOf(name: string): number {
  const manifest = JSON.parse(readFileSync(path.join(place, name, 'manifest.json'), 'utf8')) as {
    tables: { table: string; bytes: number }[];
  };
  return manifest.tables.find(({ table }) => table === 'coffee.people')!.bytes;
}
