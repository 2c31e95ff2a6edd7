import type { Client } from 'pg';
import { EVERYBODY } from '../logins';
import { attempt, codeOf, NOT_ALLOWED, NOT_FOUND, valueOf } from '../refusal';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('unique-key and foreign-key oracles', () => {
  /** What two calls say that differ only in whether the hidden thing exists: it has to be the same. */
  async function sameAnswer(
    client: Client,
    sql: string,
    hidden: unknown,
    missing: unknown,
  ): Promise<void> {
    const [a, b] = [await attempt(client, sql, [hidden]), await attempt(client, sql, [missing])];
    expect([sql, { ...a, message: a.message.replaceAll(String(hidden), '#') }]).toEqual([
      sql,
      { ...b, message: b.message.replaceAll(String(missing), '#') },
    ]);
  }
  const NO_ID = 987_654_321;
  const NO_UUID = '00000000-0000-4000-8000-000000000000';

  it.each([
    'select coffee.edit_item($1, null, $$x$$)',
    'select coffee.move_item($1, null)',
    'select coffee.accept_item($1)',
    'select coffee.reopen_item($1, $$x$$)',
    'select coffee.block_item($1, $$x$$)',
    'select coffee.retry_item($1)',
    'select coffee.stop_item($1)',
  ])("a person learns nothing of another team's items: %s", async (sql) => {
    await sameAnswer(await world.as('ben'), sql, world.ids.blue.item, NO_ID);
    expect(await codeOf(await world.as('ben'), sql, [world.ids.blue.item])).toBe(NOT_FOUND);
  });

  it('nor of its questions, projects, positions and attempts', async () => {
    const ben = await world.as('ben');
    const { red, blue } = world.ids;
    await sameAnswer(ben, 'select coffee.answer($1, $$Yes$$)', blue.question, NO_ID);
    await sameAnswer(ben, 'select coffee.withdraw($1)', blue.question, NO_ID);
    await sameAnswer(ben, 'select coffee.add_item($1, $$x$$)', blue.project, NO_UUID);
    await sameAnswer(ben, `select coffee.set_project($1, '{"name": "x"}')`, blue.project, NO_UUID);
    await sameAnswer(ben, `select coffee.import_items($1, '', '[]')`, blue.project, NO_UUID);
    await sameAnswer(ben, 'select coffee.add_project($1, $$x$$, $$/x$$)', blue.team, NO_UUID);
    await sameAnswer(ben, `select coffee.move_item(${red.planned}, $1)`, blue.planned, NO_ID);
    await sameAnswer(
      ben,
      `select coffee.add_item('${red.project}', 'x', '', null, $1)`,
      blue.planned,
      NO_ID,
    );
    for (const key of ['item_id', 'attempt_id']) {
      const ask = `select coffee.ask('${red.project}', 'x', '', jsonb_build_object('${key}', $1::bigint))`;
      await sameAnswer(ben, ask, key === 'item_id' ? blue.item : blue.attempt, NO_ID);
    }
  });

  it('nor whether somebody of a name has a login', async () => {
    const sql = `select coffee.rotate_password('person', $1)`;
    await sameAnswer(await world.as('ben'), sql, 'carla', 'zoe');
    await sameAnswer(
      await world.as('ben'),
      sql.replace('person', 'daemon'),
      'blue daemon',
      'no daemon',
    );
  });

  it("a daemon learns nothing of another team's leases, items and attempts", async () => {
    const daemon = await world.as('daemon');
    const { blue } = world.ids;
    for (const sql of [
      `select daemon.heartbeat($1, ${blue.fence}, '1 s')`,
      `select daemon.release($1, ${blue.fence})`,
      `select daemon.record_step($1, ${blue.fence}, 'x', 'x')`,
      `select daemon.update_attempt($1, ${blue.fence}, '{}')`,
      `select daemon.finish($1, ${blue.fence}, 'review')`,
      `select daemon.finish_merge($1, ${blue.fence}, 'merged', null)`,
      `select daemon.budget_left($1)`,
    ]) {
      await sameAnswer(daemon, sql, blue.item, NO_ID);
    }
    await sameAnswer(daemon, `select daemon.set_default_branch($1, 'x')`, blue.project, NO_UUID);
    const report = (key: string) =>
      `select (daemon.report(jsonb_build_object('state', 'idle', '${key}', $1::bigint))).${key}`;
    for (const [key, id] of [
      ['item_id', blue.item],
      ['attempt_id', blue.attempt],
    ] as const) {
      await sameAnswer(daemon, report(key), id, NO_ID);
      expect(await valueOf(daemon, report(key), [id])).toBeNull();
    }
  });

  it('a name or number that the other team uses is free', async () => {
    const ben = await world.as('ben');
    const { rows } = await ben.query<{ id: string }>(
      `select coffee.add_project(null, 'blue', '/x') as id`,
    );
    const number = `select (coffee.add_item($1, 'x', '', '1')).number`;
    expect(await valueOf(ben, number, [rows[0]!.id])).toBe('1');
  });
});

describe('ON CONFLICT and MERGE on hidden rows', () => {
  it.each(EVERYBODY)('are refused to %s', async (who) => {
    const client = await world.as(who);
    const key = `'blue-1', 'U1', 'click'`;
    for (const sql of [
      `insert into coffee.slack_interactions (slack_key, slack_user_id, action) values (${key})
       on conflict (slack_key) do update set action = 'seen' returning *`,
      `merge into coffee.slack_interactions t using (values (${key})) v (k, u, a) on t.slack_key = v.k
       when matched then update set action = 'seen'`,
      `merge into coffee.roadmap_items t using (values (1)) v (id) on t.id = v.id when matched then delete`,
      `merge into coffee.teams t using (values ('blue')) v (name) on lower(t.name) = v.name
       when not matched then insert (name) values ('blue')`,
      `insert into coffee.teams (name) values ('blue') on conflict do nothing`,
    ]) {
      expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
    const [row] = await world.root(
      `select action from coffee.slack_interactions where slack_key = 'blue-1'`,
    );
    expect(row).toEqual({ action: 'answer' });
  });
});
