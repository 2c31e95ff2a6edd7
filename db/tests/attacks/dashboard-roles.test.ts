import { ensureLogin } from '@coffee-roadmap/db/ensure-login';
import type { Client } from 'pg';
import { codeOf, NOT_ALLOWED, valueOf } from '../refusal';
import { inSession, signIn } from '../sign-in';
import { createWorld, type Who, type World } from '../world';

let world: World;
let dashboard: Client;
beforeAll(async () => {
  world = await createWorld();
  dashboard = await world.another('dashboard');
  // What a manager's page reads, granted as such things are: verbs to the group, scope by policy.
  await world.root(`
    create table coffee.manager_notes (team_id uuid not null, note text not null);
    alter table coffee.manager_notes owner to coffee_owner;
    alter table coffee.manager_notes enable row level security;
    alter table coffee.manager_notes force row level security;
    grant select on coffee.manager_notes to coffee_manager;
    create policy managers on coffee.manager_notes for select to coffee_manager
      using (team_id = any ((select priv.my_managed_teams())::uuid[]));
    create function coffee.manage(p_team uuid) returns uuid
    language sql security definer set search_path = pg_catalog, pg_temp
    as $$ select priv.must_manage(p_team) $$;
    alter function coffee.manage(uuid) owner to coffee_api;
    revoke all on function coffee.manage(uuid) from public;
    grant execute on function coffee.manage(uuid) to coffee_manager`);
  for (const { team } of [world.ids.red, world.ids.blue]) {
    await world.root(`insert into coffee.manager_notes values ($1, 'a note')`, [team]);
  }
});
afterAll(() => world.close());

const NOTES = 'select team_id from coffee.manager_notes';
const MANAGE = 'select coffee.manage($1)';
const ENTER = 'select coffee.enter_dashboard($1)';

const notes = async (client: Client): Promise<string[]> =>
  (await client.query<{ team_id: string }>(NOTES)).rows.map((row) => row.team_id);

/** In one transaction of this session, with whatever fails undone. */
async function as<T>(token: string, work: () => Promise<T>): Promise<T> {
  return inSession(dashboard, token, work);
}

async function codeAs(token: string, sql: string, params: unknown[] = []): Promise<string> {
  try {
    await as(token, () => dashboard.query(sql, params));
    return 'ok';
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** As whoever granted it: the registrar from 16 on, the superuser before. */
async function revoke(group: string, login: string): Promise<void> {
  await world.root(`do $$ begin
    if current_setting('server_version_num')::int >= 160000 then set local role coffee_registrar; end if;
    execute 'revoke ${group} from ${login}';
  end $$`);
}

/** What a manager or an admin may call, and no member; with a project that is there. */
async function callsOf(group: 'coffee_manager' | 'coffee_admin'): Promise<string[]> {
  const rows = await world.root<{ call: string }>(
    `select format('select %I.%I(%s)', n.nspname, p.proname, (
       select string_agg(case when p.proargnames[nth] = 'p_project' then quote_literal($2) else 'null' end
         || '::' || format_type(t, null), ', ' order by nth)
       from unnest(p.proargtypes) with ordinality a (t, nth))) as call
     from pg_proc p join pg_namespace n on n.oid = p.pronamespace
     where n.nspname in ('coffee', 'audit', 'analytics')
       and has_function_privilege($1, p.oid, 'execute')
       and not has_function_privilege('coffee_user', p.oid, 'execute')`,
    [group, world.ids.red.project],
  );
  return rows.map(({ call }) => call);
}

describe('a manager who is signed in to the dashboard', () => {
  it('sees and does there what their own login may, in the teams that they manage', async () => {
    const { red, blue } = world.ids;
    expect(await notes(await world.as('mona'))).toEqual([red.team]);
    const token = await signIn(world, 'mona');
    await as(token, async () => {
      expect(await notes(dashboard)).toEqual([red.team]);
      const { rows } = await dashboard.query('select name, admin, manages from coffee.whoami()');
      expect(rows).toEqual([{ name: 'mona', admin: false, manages: ['team'] }]);
    });
    expect(await codeAs(token, MANAGE, [red.team])).toBe('ok');
    expect(await codeAs(token, MANAGE, [blue.team])).toBe(NOT_ALLOWED);
    expect(await codeAs(token, MANAGE, [red.item])).not.toBe('ok');
  });

  it('loses it the moment the membership is withdrawn, in the middle of a transaction too', async () => {
    const anna = await world.as('anna');
    const role = `select coffee.set_membership('team', 'person', 'mona', $1)`;
    const token = await signIn(world, 'mona');
    for (const less of ['member', null]) {
      await dashboard.query('begin');
      await dashboard.query(ENTER, [token]);
      expect(await notes(dashboard)).toHaveLength(1);
      await anna.query(role, [less]);
      expect(await notes(dashboard)).toEqual([]);
      expect(await codeOf(dashboard, MANAGE, [world.ids.red.team])).toBe(NOT_ALLOWED);
      await dashboard.query('rollback');
      expect(await codeAs(token, MANAGE, [world.ids.red.team])).toBe(NOT_ALLOWED);
      await anna.query(role, ['manager']);
      expect(await codeAs(token, MANAGE, [world.ids.red.team])).toBe('ok');
    }
  });
});

describe('an admin who is signed in to the dashboard', () => {
  it('does there what their own login may, but for what outlives a session', async () => {
    const token = await signIn(world, 'anna');
    const prices = `select coffee.import_prices('[{"model": "m", "input": 1, "output": 2}]', 'x')`;
    for (const sql of [
      prices,
      `select coffee.reset_prices('m')`,
      `select coffee.add_reporting_zone('Asia/Kolkata')`,
      'select coffee.list_logins()',
      'select coffee.reset_daemon()',
    ]) {
      expect([sql, await codeAs(token, sql)]).toEqual([sql, 'ok']);
    }
    for (const sql of [
      `select coffee.add_login('person', 'eve')`,
      `select coffee.remove_login('person', 'ben')`,
      `select coffee.add_team('eves')`,
      `select coffee.set_membership('team', 'person', 'carla', 'manager')`,
      `select coffee.rotate_password('person', 'ben')`,
    ]) {
      expect([sql, await codeAs(token, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
  });

  it('is none any more the moment the group is taken from their login', async () => {
    const token = await signIn(world, 'anna');
    const { login } = world.login('anna');
    const admin = (): Promise<boolean> => valueOf(dashboard, 'select admin from coffee.whoami()');
    await dashboard.query('begin');
    await dashboard.query(ENTER, [token]);
    expect(await admin()).toBe(true);
    await revoke('coffee_admin', login);
    expect(await admin()).toBe(false);
    expect(await codeOf(dashboard, 'select coffee.list_logins()')).toBe(NOT_ALLOWED);
    await dashboard.query('rollback');
    expect(await codeOf(await world.as('anna'), 'select coffee.list_logins()')).toBe(NOT_ALLOWED);
    await world.root(`grant coffee_admin to ${login}`);
  });
});

describe('the groups of the dashboard’s login', () => {
  it.each(['coffee_manager', 'coffee_admin'] as const)(
    'give a member’s session, and no session at all, nothing of what %s may',
    async (group) => {
      const calls = await callsOf(group);
      expect(calls.length).toBeGreaterThan(group === 'coffee_admin' ? 8 : 0);
      const token = await signIn(world, 'ben');
      for (const call of calls) {
        expect([call, await codeAs(token, call)]).toEqual([call, NOT_ALLOWED]);
        expect([call, await codeOf(dashboard, call)]).toEqual([call, NOT_ALLOWED]);
      }
      expect(await as(token, () => notes(dashboard))).toEqual([]);
      expect(await notes(dashboard)).toEqual([]);
      expect(await world.root('select from coffee.manager_notes')).toHaveLength(2);
    },
  );

  it.each<[string, (token: string) => Promise<string>]>([
    ['forged', () => Promise.resolve('f'.repeat(64))],
    [
      'expired',
      async (token) => {
        await world.root(
          `update coffee.dashboard_sessions set expires_at = now() - interval '1 s'
           where token_hash = sha256(convert_to($1, 'UTF8'))`,
          [token],
        );
        return token;
      },
    ],
    [
      'revoked',
      async (token) => {
        await (await world.as('mona')).query('select coffee.end_dashboard_sessions()');
        return token;
      },
    ],
  ])('give a token that is %s nothing', async (_what, spoil) => {
    const token = await spoil(await signIn(world, 'mona'));
    expect(await codeOf(dashboard, ENTER, [token])).toBe(NOT_ALLOWED);
    await dashboard.query('begin');
    await dashboard.query(
      `select set_config('coffee.session',
         $1 || '.' || (extract(epoch from transaction_timestamp()) * 1000000)::bigint, true)`,
      [token],
    );
    expect(await notes(dashboard)).toEqual([]);
    expect(await codeOf(dashboard, MANAGE, [world.ids.red.team])).toBe(NOT_ALLOWED);
    await dashboard.query('rollback');
  });

  it('are no identity: the memberships that somebody else has stay theirs', async () => {
    const people: Who[] = ['mona', 'ben', 'carla'];
    const seen: Record<string, string[]> = {};
    for (const who of people) {
      seen[who] = await as(await signIn(world, who), () => notes(dashboard));
    }
    expect(seen).toEqual({ mona: [world.ids.red.team], ben: [], carla: [] });
  });

  it('are given to a dashboard’s login that was made without them', async () => {
    const { login } = world.login('dashboard');
    const member = `select pg_has_role($1, 'coffee_manager', 'member') as yes`;
    await revoke('coffee_manager', login);
    expect(await world.root(member, [login])).toEqual([{ yes: false }]);
    await ensureLogin(world.database.superuserUrl, {
      kind: 'dashboard',
      name: 'dashboard',
      password: world.login('dashboard').password,
    });
    expect(await world.root(member, [login])).toEqual([{ yes: true }]);
  });
});
