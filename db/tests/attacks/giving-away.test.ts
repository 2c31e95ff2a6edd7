import { compareAccess, parseAccessIntent } from '@coffee-roadmap/db/access-intent';
import { readAccessMatrix } from '@coffee-roadmap/db/access-matrix';
import { lintDatabase } from '@coffee-roadmap/db/lint';
import { databaseFolder } from '@coffee-roadmap/db/source';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { EVERYBODY } from '../logins';
import { query } from '../../../tests/support/database';
import { attempt, codeOf, NOT_ALLOWED } from '../refusal';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** ACLs of everything of ours, roles of policies, and who is in which group. */
const RIGHTS = `
  select c.oid::regclass::text as what, c.relacl::text as rights from pg_class c
    where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  union all select a.attrelid::regclass || '.' || a.attname, a.attacl::text from pg_attribute a
    where a.attacl is not null and a.attrelid::regclass::text ~ '^(coffee|daemon|audit|analytics|priv)[.]'
  union all select p.oid::regprocedure::text, p.proacl::text from pg_proc p
    where p.pronamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
  union all select n.nspname, n.nspacl::text from pg_namespace n
  union all select d.datname, d.datacl::text from pg_database d where d.datname = current_database()
  union all select polrelid::regclass || ' ' || polname, polroles::regrole[]::text from pg_policy
  union all select m.member::regrole::text || ' in', m.roleid::regrole::text from pg_auth_members m
    where m.member::regrole::text = any ($1) or m.roleid::regrole::text = any ($1)
  order by 1, 2`;

describe("giving rights away, and taking them from one's own group", () => {
  it('changes no right of anybody, whoever tries', async () => {
    const logins = EVERYBODY.map((who) => world.login(who).login);
    const before = await world.root(RIGHTS, [logins]);
    const objects = await world.root<{ name: string }>(
      `select c.oid::regclass::text as name from pg_class c
       where c.relkind in ('r', 'v') and c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')`,
    );
    for (const who of EVERYBODY) {
      const client = await world.as(who);
      const { login } = world.login(who);
      const own = await world.root<{ name: string }>(
        'select roleid::regrole::text as name from pg_auth_members where member = $1::regrole',
        [login],
      );
      const statements = [
        ...objects.flatMap(({ name }) => [
          `grant all on ${name} to public`,
          `grant select on ${name} to ${login} with grant option`,
          `revoke all on ${name} from public, coffee_user, coffee_daemon cascade`,
        ]),
        ...own.flatMap(({ name }) => [
          `drop owned by ${name}`,
          `drop owned by ${name} cascade`,
          `reassign owned by ${name} to ${login}`,
          `alter default privileges for role ${name} grant all on tables to public`,
          `revoke ${name} from ${login} cascade`,
          `alter role ${name} login`,
          `drop role ${name}`,
        ]),
        'grant execute on all functions in schema coffee to public',
        'revoke execute on all functions in schema coffee from coffee_user',
        'grant usage on schema daemon, priv to public',
        `grant all on database ${world.database.name} to public`,
        `revoke connect on database ${world.database.name} from coffee_user`,
        `reassign owned by coffee_owner to ${login}`,
        'drop owned by coffee_owner cascade',
      ];
      for (const sql of statements) await attempt(client, sql);
    }
    expect(await world.root(RIGHTS, [logins])).toEqual(before);
  });

  it('is what the guard prevents, and nobody switches it off', async () => {
    const daemon = await world.as('daemon');
    for (const sql of [
      'set event_triggers = off', // there from 17 on
      'set session_replication_role = replica',
      'alter event trigger coffee_guard disable',
      'drop event trigger coffee_guard',
    ]) {
      expect([sql, await codeOf(daemon, sql)]).toEqual([
        sql,
        expect.stringMatching(/^(42501|42704)$/),
      ]);
    }
    expect(await codeOf(daemon, 'drop owned by coffee_daemon')).toBe(NOT_ALLOWED);
    await world.root('alter event trigger coffee_guard disable');
    await daemon.query('begin');
    await daemon.query('drop owned by coffee_daemon');
    expect((await daemon.query('select from coffee.projects')).rowCount).toBe(0);
    await daemon.query('rollback');
    await world.root('alter event trigger coffee_guard enable always');
  });

  it('does not work from another database of the server either', async () => {
    const server = process.env.COFFEE_TEST_CLUSTER_URL!;
    const elsewhere = `${world.database.name}_other`;
    await query(server, `create database ${elsewhere}`);
    const logins = EVERYBODY.map((who) => world.login(who).login);
    const before = await world.root(RIGHTS, [logins]);
    for (const who of ['ben', 'daemon', 'slackbot'] as const) {
      const { login, password } = world.login(who);
      const url = new URL(world.database.urlFor(login, password));
      url.pathname = `/${elsewhere}`;
      const client = await world.database.connect(url.href);
      const group = who === 'ben' ? 'coffee_user' : `coffee_${who}`;
      for (const sql of [
        `drop owned by ${group} cascade`,
        `reassign owned by ${group} to ${login}`,
      ]) {
        await attempt(client, sql);
      }
      await client.end();
    }
    await query(server, `drop database ${elsewhere} with (force)`);
    expect(await world.root(RIGHTS, [logins])).toEqual(before);
  });

  it('leaves access as it was meant, and the lints with nothing to say', async () => {
    const client = await world.database.connect();
    const intent = readFileSync(path.join(databaseFolder(), 'access-intent.md'), 'utf8');
    expect(compareAccess(parseAccessIntent(intent), await readAccessMatrix(client))).toEqual([]);
    expect(await lintDatabase(client, databaseFolder())).toEqual([]);
    await client.end();
  });
});
