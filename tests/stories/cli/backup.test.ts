import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import {
  removeEmbeddedPostgres,
  startEmbeddedPostgres,
} from '@coffee-roadmap/shared/postgres/embedded-postgres';
import { readdirSync, readFileSync, truncateSync } from 'node:fs';
import path from 'node:path';
import { createTeam, type Person, type Team } from './team';
import type { Cli } from './program';

let team: Team;
let bea: Person;
let olga: string;
let laptop: Cli;
let place: string;

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
  const made = await team.ada.cli.json<{ name: string; rows: number; made_at: string }>(
    ['backup', 'create', '--in', place],
    { env },
  );
  expect(made).toMatchObject({ passwords: true, removed: [] });
  await bea.cli.json(['erase-me', '--yes']);
  await auditor.json(['audit', 'seal']);
  await auditor.json(['audit', 'anchor', anchors]);

  const listed = await team.ada.cli.run(['backup', '--in', place]);
  expect(listed.stdout).toContain(made.name);
  for (const line of listed.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);

  const restored = await laptop.json<Record<string, unknown>>([
    ...['backup', 'restore', path.join(place, made.name), '--erasures', anchors],
  ]);
  expect(restored).toMatchObject({
    ...{ database: 'coffee_roadmap', proven_equal: true, rows: made.rows, erased_again: 1 },
    ...{ logins_made: 3, migrations_applied: 0 },
  });
  // It ran only while it was needed.
  const server = await startEmbeddedPostgres({ dataDir: dataDir(), durable: false });
  expect(server.reused).toBe(false);
  const there = (url: string): string => {
    const own = new URL(url);
    own.host = `${server.host}:${server.port}`;
    own.pathname = '/coffee_roadmap';
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

function dataDir(): string {
  return path.join(laptop.home, '.local/share/coffee-roadmap/postgres');
}

function sizeOf(name: string): number {
  const manifest = JSON.parse(readFileSync(path.join(place, name, 'manifest.json'), 'utf8')) as {
    tables: { table: string; bytes: number }[];
  };
  return manifest.tables.find(({ table }) => table === 'coffee.people')!.bytes;
}
