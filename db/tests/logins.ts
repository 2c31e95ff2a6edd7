import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { query, type TestDatabase } from '../../tests/support/database';

/** Who there is. Those without a colour in their comment are members of no team. */
export const EVERYBODY = [
  'anna', // red, admin and manager: the first person
  'mona', // red, manager
  'ben', // red
  'carla', // blue
  'agent', // ben's
  'daemon', // red
  'blueDaemon', // blue
  'slackbot',
  'dashboard',
  'collector',
  'auditor',
  'nobody', // all of a person's groups and no principal: what a removed login amounts to
] as const;
export type Who = (typeof EVERYBODY)[number];

/** Those who may never do what is for people alone. */
export const NO_PERSON = [
  'agent',
  'daemon',
  'slackbot',
  'dashboard',
  'collector',
  'auditor',
  'nobody',
] as const satisfies readonly Who[];

export interface Login {
  login: string;
  password: string;
}

const RED = 'team';
const BLUE = 'blue';

/** Makes them as they are made in earnest: the first by the migrating program, the others by her. */
export async function addLogins(database: TestDatabase): Promise<Record<Who, Login>> {
  const url = database.superuserUrl;
  const password = 'for this test only';
  const first = await ensureLogin(url, { kind: 'person', name: 'anna', password });
  const anna = await database.connect(database.urlFor(first, password));
  const add = async (kind: string, name: string, teams: string[] = []): Promise<Login> => {
    const { rows } = await anna.query<Login>('select * from coffee.add_login($1, $2, $3)', [
      kind,
      name,
      teams,
    ]);
    return rows[0]!;
  };
  await anna.query('select coffee.add_team($1)', [BLUE]);
  await anna.query(`select coffee.set_membership($1, 'person', 'anna', null)`, [BLUE]);
  const logins: Record<Who, Login> = {
    anna: { login: first, password },
    mona: await add('person', 'mona', [RED]),
    ben: await add('person', 'ben', [RED]),
    carla: await add('person', 'carla', [BLUE]),
    daemon: await add('daemon', 'red daemon', [RED]),
    blueDaemon: await add('daemon', 'blue daemon', [BLUE]),
    slackbot: await add('slackbot', 'slackbot'),
    dashboard: await add('dashboard', 'dashboard'),
    collector: await add('collector', 'collector'),
    auditor: await add('auditor', 'auditor'),
    agent: await addAgent(url, 'ben'),
    nobody: await addNobody(url),
  };
  await anna.query(`select coffee.set_membership($1, 'person', 'mona', 'manager')`, [RED]);
  await anna.end();
  return logins;
}

/** A person's agent, as the registrar makes it. */
export async function addAgent(url: string, owner: string): Promise<Login> {
  const made = { login: `agent_${randomBytes(6).toString('hex')}`, password: 'for this test only' };
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('begin');
    await client.query(`do $$ begin
      if current_setting('server_version_num')::int >= 160000 then set local role coffee_registrar; end if;
    end $$`);
    await client.query(
      `select priv.create_login('agent', $1 || '''s agent', p.id, $2, $3)
       from priv.principals p where p.kind = 'person' and p.name = $1`,
      [owner, made.login, made.password],
    );
    await client.query('commit');
  } finally {
    await client.end();
  }
  return made;
}

async function addNobody(url: string): Promise<Login> {
  const login = `nobody_${randomBytes(6).toString('hex')}`;
  await query(url, `create role ${login} login connection limit 20 password 'nobody'`);
  await query(url, `grant coffee_user, coffee_admin, coffee_manager to ${login}`);
  return { login, password: 'nobody' };
}
