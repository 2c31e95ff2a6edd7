import type { Client } from 'pg';
import type { Login } from './logins';
import { codeOf, CONFLICT, INVALID, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
let agent: Client;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
  agent = await world.as('agent');
});
afterAll(() => world.close());

interface Made extends Login {
  name: string;
}
const add = async (client: Client, label: string): Promise<Made> =>
  (await client.query<Made>('select * from coffee.add_agent($1)', [label])).rows[0]!;
const connect = ({ login, password }: Login) =>
  world.database.connect(world.database.urlFor(login, password));
const groups = (login: string) =>
  world.root(
    'select m.roleid::regrole::text as name from pg_auth_members m where m.member = $1::regrole',
    [login],
  );

describe('add_agent', () => {
  it('gives a person a login for their agents, which is in coffee_agent alone', async () => {
    const made = await add(ben, 'laptop');
    expect(made.name).toBe("ben's agent (laptop)");
    expect(await groups(made.login)).toEqual([{ name: 'coffee_agent' }]);
    const client = await connect(made);
    const { rows } = await client.query('select kind, name, admin, teams from coffee.whoami()');
    expect(rows).toEqual([{ kind: 'agent', name: made.name, admin: false, teams: ['team'] }]);
    await client.end();
  });

  it('keeps apart the agents of persons whose long names begin with the same words', async () => {
    const anna = await world.as('anna');
    const names = ['x', 'y'].map((end) => `${'long '.repeat(10)}${end}`);
    const made: string[] = [];
    for (const name of names) {
      const { rows } = await anna.query<Login>(
        `select * from coffee.add_login('person', $1, '{team}')`,
        [name],
      );
      const client = await connect(rows[0]!);
      made.push((await add(client, 'l'.repeat(40))).name);
      expect((await add(client, 'L'.repeat(40))).name).toBe(made.at(-1));
      await client.end();
    }
    expect(new Set(made.map((name) => name.toLowerCase())).size).toBe(2);
    for (const name of made) expect(name.length).toBeLessThanOrEqual(100);
  });

  it('gives the same one another password the next time, and writes none down', async () => {
    const first = await add(ben, 'again');
    const second = await add(ben, 'AGAIN');
    expect(second).toEqual({ ...first, password: expect.any(String) });
    expect(second.password).not.toBe(first.password);
    const held = `select from audit.payloads where payload like '%' || $1 || '%'`;
    for (const { password } of [first, second]) {
      expect(await world.root(held, [password])).toEqual([]);
    }
    const written = `select from audit.payloads where payload like '%' || $1 || '%'`;
    expect((await world.root(written, [second.login])).length).toBeGreaterThan(0);
  });

  it.each(['', '  ', 'x'.repeat(41), 'a\nb', null])('refuses the label %j', async (label) => {
    expect(await codeOf(ben, 'select coffee.add_agent($1)', [label])).toBe(INVALID);
  });

  it('is for persons with their own login', async () => {
    const others = ['agent', 'daemon', 'slackbot', 'dashboard', 'collector', 'auditor', 'nobody'];
    for (const who of others as Parameters<World['as']>[0][]) {
      const client = await world.as(who);
      for (const sql of [
        `select coffee.add_agent('more')`,
        `select coffee.remove_agent('laptop')`,
        'select * from coffee.list_agents()',
      ]) {
        expect([who, sql, await codeOf(client, sql)]).toEqual([who, sql, NOT_ALLOWED]);
      }
    }
  });

  it('stops at twenty, and neither shows nor ends anybody else’s', async () => {
    const mona = await world.as('mona');
    for (let n = 1; n <= 20; n++) await add(mona, `number ${n}`);
    expect(await codeOf(mona, `select coffee.add_agent('one more')`)).toBe(CONFLICT);
    const names = (await ben.query<{ name: string }>('select name from coffee.list_agents()')).rows;
    expect(names.map(({ name }) => name)).toContain("ben's agent (laptop)");
    expect(names.every(({ name }) => name.startsWith('ben'))).toBe(true);
    expect(await codeOf(mona, `select coffee.remove_agent('laptop')`)).toBe(NOT_FOUND);
    await mona.query(`select coffee.remove_agent('number 20')`);
    expect(await codeOf(mona, `select coffee.add_agent('one more')`)).toBe('ok');
  });
});

describe('remove_agent', () => {
  it('ends the login; an open session is nobody at once, and what it asked stays', async () => {
    const made = await add(ben, 'short-lived');
    const client = await connect(made);
    client.on('error', () => undefined);
    const id = await valueOf<string>(client, `select id from coffee.ask($1, 'May I?')`, [
      world.ids.red.project,
    ]);
    await ben.query(`select coffee.remove_agent('short-lived')`);
    for (const sql of ['select from coffee.roadmap_items', `select coffee.withdraw(${id})`]) {
      expect(await codeOf(client, sql)).toBe(NOT_ALLOWED);
    }
    await client.end();
    await expect(connect(made)).rejects.toThrow();
    expect(
      await valueOf(ben, 'select asked_by_name from coffee.notifications where id = $1', [id]),
    ).toBe(made.name);
    expect(await codeOf(ben, `select coffee.remove_agent('short-lived')`)).toBe(NOT_FOUND);
  });
});

describe('an agent', () => {
  it('answers and accepts nothing, not even its own question', async () => {
    const { project, item } = world.ids.red;
    const id = await valueOf<string>(agent, `select id from coffee.ask($1, 'May I?')`, [project]);
    for (const sql of [
      `select coffee.answer(${id}, 'yes')`,
      `select priv.answer_as((select priv.me()), ${id}, 'yes', 'cli')`,
      `update coffee.notifications set state = 'answered', answer = 'yes' where id = ${id}`,
      `insert into coffee.notifications (title) values ('x')`,
      `select coffee.accept_item(${item})`,
      `select coffee.reopen_item(${item}, 'go on')`,
      `select coffee.block_item(${item}, 'no')`,
      `select coffee.retry_item(${item})`,
      `select coffee.edit_item(${item}, 1, 'another title')`,
      `select coffee.move_item(${item}, null)`,
      `select coffee.add_item('${project}', 'at once')`,
      `insert into coffee.roadmap_items (title) values ('x')`,
      `select coffee.pause_daemons(null, true)`,
      `select coffee.add_login('person', 'friend')`,
      `select coffee.rotate_password('person', 'ben')`,
      'select * from coffee.usage_records',
      'select * from coffee.usage_buckets',
      'select * from coffee.generations',
      'select * from analytics.spend_parts',
      'select * from coffee.activity_events',
    ]) {
      expect([sql, await codeOf(agent, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
    expect(await valueOf(ben, 'select state from coffee.notifications where id = $1', [id])).toBe(
      'pending',
    );
  });

  it('proposes: last, blocked until a person reopens it, with its name in the history', async () => {
    const { project } = world.ids.red;
    const { rows } = await agent.query<{ id: string; number: string; state: string }>(
      `select id, number, state from coffee.propose_item($1, '  A better greeting ', 'Say why')`,
      [project],
    );
    const { id, state } = rows[0]!;
    expect(state).toBe('blocked');
    const last =
      'select id from coffee.roadmap_items where project_id = $1 order by position desc limit 1';
    expect(await valueOf(ben, last, [project])).toBe(id);
    expect(
      await valueOf(ben, 'select changed_by_name from coffee.roadmap_history where item_id = $1', [
        id,
      ]),
    ).toBe("ben's agent");
    expect(await valueOf(ben, `select state from coffee.reopen_item($1, 'good idea')`, [id])).toBe(
      'planned',
    );
  });

  it('proposes nothing elsewhere, nobody else proposes, and not without end', async () => {
    const elsewhere = [world.ids.blue.project];
    const propose = `select coffee.propose_item($1, 'x')`;
    expect(await codeOf(agent, propose, elsewhere)).toBe(NOT_FOUND);
    expect(await codeOf(ben, propose, [world.ids.red.project])).toBe(NOT_ALLOWED);
    expect(await codeOf(await world.as('daemon'), propose, [world.ids.red.project])).toBe(
      NOT_ALLOWED,
    );
    let code = 'ok';
    for (let n = 0; n < 60 && code === 'ok'; n++) {
      code = await codeOf(agent, propose, [world.ids.red.project]);
    }
    expect(code).toBe(CONFLICT);
  });

  it('knows sums of its person’s usage and of what the teams spent, and nobody else’s', async () => {
    const all = `'-infinity', 'infinity'`;
    const own = await world.root<{ calls: number; nanos: string }>(
      `select count(*)::int as calls, coalesce(sum(cost_nanos), 0)::text as nanos
       from coffee.usage_records r join priv.principals p on p.id = r.person_id where p.name = 'ben'`,
    );
    expect(own[0]!.calls).toBeGreaterThan(0);
    const hidden = await world.root(
      `select from coffee.usage_records r join priv.principals p on p.id = r.person_id where p.name = 'carla'`,
    );
    expect(hidden.length).toBeGreaterThan(0);
    const usage = await agent.query(
      `select sum(calls)::int as calls, sum(cost_nanos)::text as nanos from coffee.agent_usage(${all})`,
    );
    expect(usage.rows).toEqual(own);

    const mine = await ben.query(
      `select p.name as project, sum(s.calls)::text as calls, sum(s.cost_nanos)::text as nanos
       from analytics.spend_parts s left join coffee.projects p on p.id = s.project_id
       group by 1 having sum(s.calls) > 0 order by 1`,
    );
    const spend = await agent.query(
      `select project, calls::text, cost_nanos::text as nanos from coffee.agent_spend(${all}) order by 1`,
    );
    expect(spend.rows).toEqual(mine.rows);
    expect(spend.rows.length).toBeGreaterThan(1);

    // A call that a program of ben's traced as well is there once, wherever one cuts a quarter hour.
    const [both] = await world.root<{ at: string; quarter: string; message: string }>(
      `select u.at, date_bin('15 minutes', u.at, '2000-01-01 00:00Z') as quarter, u.message_id as message
       from coffee.usage_records u join priv.principals p on p.id = u.person_id
       where p.name = 'ben' and u.message_id <> '' and u.at > date_bin('15 minutes', u.at, '2000-01-01 00:00Z')
       order by u.at limit 1`,
    );
    const calls = async (from: string, to: string): Promise<number> =>
      valueOf(agent, 'select coalesce(sum(calls), 0)::int from coffee.agent_spend($1, $2)', [
        from,
        to,
      ]);
    const end = new Date(Date.parse(both!.quarter) + 900_000).toISOString();
    const apart = [await calls(both!.quarter, end), await calls('-infinity', 'infinity')];
    const traced = await world.root(
      `update coffee.generations set message_id = $2 where project_id = $1
         and id = (select id from coffee.generations where project_id = $1 and message_id is null order by id limit 1)
       returning 1`,
      [world.ids.red.project, both!.message],
    );
    expect(traced).toHaveLength(1);
    const [whole, ever] = [await calls(both!.quarter, end), await calls('-infinity', 'infinity')];
    expect([whole, ever]).toEqual(apart.map((count) => count - 1));
    const parts = `select coalesce(sum(calls), 0)::int from analytics.spend_parts`;
    expect(await valueOf(ben, parts)).toBe(ever);
    expect(await valueOf(ben, `${parts} where bucket = $1`, [both!.quarter])).toBe(whole);
    expect((await calls(both!.quarter, both!.at)) + (await calls(both!.at, end))).toBe(whole);
    for (const name of ['agent_usage', 'agent_spend']) {
      expect(await codeOf(ben, `select * from coffee.${name}(${all})`)).toBe(NOT_ALLOWED);
    }
  });
});
