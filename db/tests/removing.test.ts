import { Client } from 'pg';
import { query } from '../../tests/support/database';
import { addAgent, type Login } from './logins';
import { codeOf, INVALID, NOT_ALLOWED, valueOf } from './refusal';
import { createWorld, type World } from './world';

let world: World;
let anna: Client;
beforeAll(async () => {
  world = await createWorld();
  anna = await world.as('anna');
});
afterAll(() => world.close());

async function add(
  kind: string,
  name: string,
  teams: string[] = [],
  admin = false,
): Promise<Login> {
  const { rows } = await anna.query<Login>('select * from coffee.add_login($1, $2, $3, $4)', [
    kind,
    name,
    teams,
    admin,
  ]);
  return rows[0]!;
}
const connect = (login: Login) =>
  world.database.connect(world.database.urlFor(login.login, login.password));
const groups = async (login: string): Promise<string[]> =>
  (
    await world.root<{ name: string }>(
      `select m.roleid::regrole::text as name from pg_auth_members m where m.member = $1::regrole order by 1`,
      [login],
    )
  ).map(({ name }) => name);

describe('remove_login', () => {
  it('makes a person nobody at once, also in a session that is open', async () => {
    const client = await connect(await add('person', 'leaver', ['team']));
    await client.query('begin isolation level repeatable read');
    expect((await client.query('select from coffee.projects')).rowCount).toBeGreaterThan(0);
    const other = await world.another('anna');
    await other.query(`select coffee.remove_login('person', 'leaver')`);
    expect(await codeOf(client, 'select * from coffee.projects')).toBe(NOT_ALLOWED);
    await client.query('rollback');
    for (const sql of [
      'select * from coffee.projects',
      `select coffee.add_project(null, 'x', '/x')`,
      'select * from coffee.whoami()',
    ]) {
      expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
    await Promise.all([client.end(), other.end()]);
  });

  it("takes a person's agents along, keeps who did what, and frees the name", async () => {
    const person = await connect(await add('person', 'author', ['team']));
    const project = await valueOf(person, `select coffee.add_project(null, 'authored', '/x')`);
    await person.query(`select coffee.add_item($1, 'mine')`, [project]);
    await person.end();
    const agent = await addAgent(world.database.superuserUrl, 'author');
    await anna.query(`select coffee.remove_login('person', 'author')`);
    await expect(connect(agent)).rejects.toThrow();
    const { rows } = await anna.query(
      `select changed_by_name from coffee.roadmap_history where project_id = $1`,
      [project],
    );
    expect(rows).toEqual([{ changed_by_name: 'author' }]);
    expect(await codeOf(anna, `select coffee.add_login('person', 'author')`)).toBe('ok');
  });

  it('succeeds against a login that made itself hard to drop', async () => {
    const login = await add('person', 'clinger', ['team']);
    const client = await connect(login);
    await client.query('select from coffee.projects');
    // A database of somebody else's on the same server, where everybody may make temporary tables.
    const elsewhere = `${world.database.name}_other`;
    await query(process.env.COFFEE_TEST_CLUSTER_URL!, `create database ${elsewhere}`);
    const url = new URL(world.database.urlFor(login.login, login.password));
    url.pathname = `/${elsewhere}`;
    const other = new Client({ connectionString: url.href });
    await other.connect();
    await other.query('create temporary table mine (id int)');

    await anna.query(`select coffee.remove_login('person', 'clinger')`);
    expect(await codeOf(client, 'select * from coffee.projects')).toBe(NOT_ALLOWED);
    expect(await groups(login.login)).toEqual([]);
    await expect(connect(login)).rejects.toThrow();
    await Promise.all([client.end(), other.end()]);
    const server = process.env.COFFEE_TEST_CLUSTER_URL!;
    await query(server, `drop database ${elsewhere} with (force)`);
    await query(server, `drop role ${login.login}`);
  });

  it('succeeds where the role is not there any more', async () => {
    const { login } = await add('person', 'restored');
    await world.root(`drop role ${login}`);
    expect(await codeOf(anna, 'select * from coffee.list_logins()')).toBe('ok');
    expect(await codeOf(anna, `select coffee.remove_login('person', 'restored')`)).toBe('ok');
  });

  it('is written down', async () => {
    const [row] = await world.root<{ n: number }>(
      `select count(*)::int as n from audit.entries where action = 'login.remove'`,
    );
    expect(row!.n).toBeGreaterThan(2);
  });

  it('is not for oneself', async () => {
    expect(await codeOf(anna, `select coffee.remove_login('person', 'anna')`)).toBe(INVALID);
  });
});
