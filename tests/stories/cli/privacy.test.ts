import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { EXCLUDED, EXPORTED } from '@coffee-roadmap/shared/portability/tables';
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { query } from '../../support/database';
import { createTeam, type Person, type Team } from './team';
import type { Cli } from './program';

let team: Team;
let ada: Person;
let bea: Person;
let auditor: Cli;
const MACHINE = '11111111-1111-4111-8111-111111111111';

beforeAll(async () => {
  team = await createTeam();
  ada = team.ada;
  bea = await team.person('Bea');
  const login = await ensureLogin(team.database.superuserUrl, {
    ...{ kind: 'auditor', name: 'Olga', password: 'for this test only' },
  });
  auditor = team.program.as(team.database.urlFor(login, 'for this test only'));
  await team.project('shop');
  await query(
    team.database.superuserUrl,
    `insert into coffee.machines (person_id, id, label) values ($1, $2, 'laptop') on conflict do nothing`,
    [bea.session.me.id, MACHINE],
  );
  await query(
    team.database.superuserUrl,
    `insert into coffee.work_folders (person_id, machine_id, folder, folder_key, git_project, seen_at, seen_event)
     select $1, $2, '/home/bea/' || n || case when n = 1 then '/=1+1, "quoted"' else '' end, md5(n::text)::uuid, 'shop', now(), 'e'
     from generate_series(1, 1203) n`,
    [bea.session.me.id, MACHINE],
  );
});
afterAll(() => team.close());

describe('export-me', () => {
  it('names every column of the database that holds a person, or says why it leaves it out', async () => {
    const found = await query<{ column: string }>(
      team.database.superuserUrl,
      `select distinct format('%I.%I.%I', n.nspname, c.relname, a.attname) as column
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
         join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
       where n.nspname in ('coffee', 'daemon', 'audit', 'priv') and c.relkind in ('r', 'p')
         and a.atttypid = 'uuid'::regtype and a.attname <> 'daemon_id'
         and (a.attname ~ '^(person_id|member_id|actor_id|owner_id|.*_by)$'
           or exists (select from pg_constraint f where f.conrelid = c.oid and f.contype = 'f'
             and a.attnum = any (f.conkey) and cardinality(f.conkey) = 1
             and f.confrelid in ('priv.principals'::regclass, 'coffee.people'::regclass))
           or format('%I.%I', n.nspname, c.relname) in ('priv.principals', 'coffee.people') and a.attname = 'id')
       order by 1`,
    );
    const named = [
      ...EXPORTED.flatMap(({ table, columns }) => columns.map((column) => `${table}.${column}`)),
      ...Object.keys(EXCLUDED),
    ];
    expect(found.map(({ column }) => column)).toEqual([...named].sort());
  });

  it('writes what is the caller’s and nothing else, in both forms, with hashes that fit', async () => {
    const folder = path.join(bea.cli.home, 'mine');
    const said = await bea.cli.json<{ rows: number; tables: { table: string; rows: number }[] }>([
      'export-me',
      folder,
    ]);
    expect(said.tables.find(({ table }) => table === 'coffee.work_folders')!.rows).toBe(1203);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    const about = JSON.parse(readFileSync(path.join(folder, 'export.json'), 'utf8')) as {
      person: string;
      tables: {
        table: string;
        rows: number;
        sha256: Record<string, string>;
        columns: { name: string }[];
      }[];
    };
    expect(about.person).toBe(bea.session.me.id);
    expect(readdirSync(folder)).toHaveLength(1 + 2 * about.tables.length);
    for (const { rows, sha256 } of about.tables) {
      for (const [file, hash] of Object.entries(sha256)) {
        const text = readFileSync(path.join(folder, file));
        expect([file, createHash('sha256').update(text).digest('hex')]).toEqual([file, hash]);
        if (file.endsWith('.jsonl'))
          expect([file, text.toString().split('\n').length - 1]).toEqual([file, rows]);
      }
    }
    const csv = readFileSync(path.join(folder, 'coffee.work_folders.csv'), 'utf8');
    expect(csv).toContain('"/home/bea/1/=1+1, ""quoted"""');
    const all = readdirSync(folder)
      .map((file) => readFileSync(path.join(folder, file), 'utf8'))
      .join('');
    expect(all).not.toContain('Ada');
    const again = await bea.cli.run(['export-me', folder]);
    expect([again.code, again.stdout]).toEqual([5, '']);
  });

  it('streams the same rows to standard output', async () => {
    const { code, stdout } = await bea.cli.run(['export-me', '-']);
    expect(code).toBe(0);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toMatchObject({ format: 1, person: bea.session.me.id });
    expect(lines.at(-1)).toEqual({ rows: lines.length - 2 });
    expect(lines.filter(({ table }) => table === 'coffee.work_folders')).toHaveLength(1203);
  });
});

describe('audit', () => {
  it('shows people what they did themselves, and an auditor what everybody did', async () => {
    const mine = await bea.cli.json<{ entries: { action: string; actor: string }[] }>(['audit']);
    expect(new Set(mine.entries.map(({ action }) => action))).toEqual(new Set(['export.person']));
    expect(new Set(mine.entries.map(({ actor }) => actor))).toEqual(new Set([bea.session.me.id]));
    const { entries } = await auditor.json<{ entries: { action: string; actor: string | null }[] }>(
      ['audit'],
    );
    expect(entries.map(({ action }) => action)).toContain('project.add');
    const shown = await auditor.run(['audit', 'list', '--action', 'export']);
    expect(shown.stdout).toMatch(/ENTRY +AT \(UTC\) +SEAL +ACTION/);
    expect(shown.stdout).not.toContain('project.add');
    for (const line of shown.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    expect((await bea.cli.run(['audit', 'verify'])).code).toBe(3);
  });

  it('is sealed, anchored in a file and in git, and verified against both', async () => {
    expect((await auditor.json<{ sealed: number }>(['audit', 'seal'])).sealed).toBeGreaterThan(0);
    const repository = path.join(auditor.home, 'ops');
    mkdirSync(repository);
    const git = (...args: string[]): string =>
      execFileSync('git', ['-C', repository, ...args], { encoding: 'utf8' });
    git('init', '--quiet');
    writeFileSync(path.join(repository, 'other.txt'), 'not to be committed');
    const file = path.join(repository, 'anchors.txt');
    const first = await auditor.json<{ seal: number; commit: string }>([
      'audit',
      'anchor',
      file,
      '--commit',
    ]);
    expect(git('show', '--format=%H', '--name-only').split('\n').filter(Boolean)).toEqual([
      first.commit,
      'anchors.txt',
    ]);
    await bea.cli.json(['export-me', path.join(bea.cli.home, 'again')]);
    // Somebody's editor took the last line feed away.
    writeFileSync(file, readFileSync(file, 'utf8').trimEnd());
    const second = await auditor.json<{ seal: number }>([
      'audit',
      'anchor',
      file,
      '--slack',
      'shop',
    ]);
    expect(second.seal).toBe(first.seal + 1);
    const told = await ada.cli.run(['notifications', 'list', '--all']);
    expect(told.stdout).toContain(`Audit trail: seal ${second.seal}`);
    const verdict = await auditor.run(['audit', 'verify', '--anchor', '-'], {
      input: readFileSync(file, 'utf8'),
    });
    expect([verdict.code, verdict.stdout]).toEqual([
      0,
      expect.stringContaining('Compared with 2 anchors'),
    ]);

    appendFileSync(file, `seal ${second.seal + 5} ${'ab'.repeat(32)}\n`);
    const cut = await auditor.run(['audit', 'verify', '--anchor', file]);
    expect([cut.code, cut.stdout]).toEqual([
      1,
      expect.stringContaining(`seal ${second.seal + 5} was anchored and is gone`),
    ]);
    await query(
      team.database.superuserUrl,
      `update audit.payloads set payload = '{}' where entry_id = 1`,
    );
    const changed = await auditor.run(['audit', 'verify']);
    expect([changed.code, changed.stdout]).toEqual([
      1,
      expect.stringContaining('what entry 1 says was changed'),
    ]);
    expect((await auditor.run(['audit', 'verify', '--anchor', '/nowhere'])).code).toBe(2);
    await query(
      team.database.superuserUrl,
      `update audit.payloads set payload = 'no \u001b[31mJSON' where entry_id = 1`,
    );
    const spoilt = await auditor.run(['audit', 'list', '--before', '2']);
    expect([spoilt.code, spoilt.stdout]).toEqual([
      0,
      expect.stringContaining('unreadable: no JSON'),
    ]);
  });
});

it('erases again who came back with an older backup, as the superuser alone', async () => {
  const zoe = await team.person('Zoe');
  const { superuserUrl } = team.database;
  await query(
    superuserUrl,
    `insert into coffee.machines (person_id, id, label) values ($1, gen_random_uuid(), 'desk')`,
    [zoe.session.me.id],
  );
  const file = path.join(ada.cli.home, 'kept.txt');
  writeFileSync(file, `a line of ours\nerased ${zoe.session.me.id} 2026-01-02T03:04:05.678Z\n`);
  const replay = ['erase-me', '--replay', file];
  const refused = await ada.cli.run(replay);
  expect([refused.code, refused.stderr]).toEqual([
    1,
    expect.stringContaining('ADMIN_DATABASE_URL'),
  ]);
  expect((await zoe.cli.run(['machines'])).code).toBe(0);
  const env = { ADMIN_DATABASE_URL: superuserUrl };
  const said = await ada.cli.run(replay, { env });
  expect([said.code, said.stdout]).toEqual([
    0,
    `${file} names 1 person; 1 had come back and is erased again.\n`,
  ]);
  expect((await zoe.cli.run(['machines'])).code).toBe(3);
  const left = 'select 1 from coffee.machines where person_id = $1';
  expect(await query(superuserUrl, left, [zoe.session.me.id])).toEqual([]);
  expect(await ada.cli.json(replay, { env })).toEqual({
    ...{ named: 1, erased: 0, logins_not_ended: [] },
  });
});
