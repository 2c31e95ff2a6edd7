import type { Client } from 'pg';
import { EVERYBODY, type Who } from '../logins';
import { attempt, codeOf, CONFLICT, NOT_ALLOWED, valueOf } from '../refusal';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('cancel and terminate', () => {
  it.each(EVERYBODY)('are not for %s', async (who) => {
    const client = await world.as(who);
    const victim = await world.as(who === 'ben' ? 'daemon' : 'ben');
    const pid = await valueOf<number>(victim, 'select pg_backend_pid()');
    for (const sql of [
      `select pg_cancel_backend(${pid})`,
      `select pg_terminate_backend(${pid})`,
      `select pg_terminate_backend(${pid}, 1000)`,
      'select pg_terminate_backend(pid) from pg_stat_activity',
      `select pg_log_backend_memory_contexts(${pid})`,
      'select pg_reload_conf()',
      'select pg_rotate_logfile()',
      'select pg_stat_reset()',
    ]) {
      expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
    expect(await valueOf(victim, 'select pg_backend_pid()')).toBe(pid);
  });
});

describe('advisory-lock squatting', () => {
  it.each(EVERYBODY)('%s takes no lock by number, and naps nowhere', async (who) => {
    const client = await world.as(who);
    const functions = await world.root<{ call: string }>(
      `select format('select pg_catalog.%I(%s)', proname,
         (select string_agg(format('%L::%s', case t when 'timestamptz'::regtype then 'epoch' else '0' end,
            t::regtype), ', ') from unnest(proargtypes) t)) as call
       from pg_proc where pronamespace = 'pg_catalog'::regnamespace
         and proname ~ '^(pg_(try_)?advisory|pg_sleep)'`,
    );
    expect(functions.length).toBeGreaterThan(20);
    for (const { call } of functions) {
      expect([call, await codeOf(client, call)]).toEqual([call, NOT_ALLOWED]);
    }
  });

  it('a daemon holds one lock, however often it attaches', async () => {
    const held = (client: Client) =>
      valueOf<string>(
        client,
        `select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`,
      );
    const hostile = await world.another('blueDaemon');
    const flood = 'select daemon.attach(gen_random_uuid()) from generate_series(1, 100000)';
    expect(await codeOf(hostile, flood)).toBe(CONFLICT);
    expect(await held(hostile)).toBe('1');
    const daemon = await world.another('blueDaemon');
    const again = 'select daemon.attach($1) from generate_series(1, 1000)';
    expect(await codeOf(daemon, again, ['11111111-1111-4111-8111-111111111111'])).toBe('ok');
    expect(await held(daemon)).toBe('1');
    await Promise.all([hostile.end(), daemon.end()]);
  });

  it("does not keep a dead daemon's lease alive beyond its end", async () => {
    // The red daemon's instance, held by another that somehow learned it.
    const [row] = await world.root<{ instance: string }>(
      'select instance from daemon.task_queue where item_id = $1',
      [world.ids.red.item],
    );
    const squatter = await world.another('blueDaemon');
    await squatter.query('select daemon.attach($1)', [row!.instance]);
    await world.root(`update daemon.task_queue set lease_until = now() where item_id = $1`, [
      world.ids.red.item,
    ]);
    const taken = await (
      await world.as('daemon')
    ).query(`select item_id::int from daemon.claim(gen_random_uuid(), '{rehearsal}')`);
    expect(taken.rows).toEqual([{ item_id: world.ids.red.item }]);
    await squatter.end();
  });
});

describe('LOCK TABLE and FOR UPDATE', () => {
  const MODES = [
    'row share',
    'row exclusive',
    'share update exclusive',
    'share',
    'share row exclusive',
    'exclusive',
    'access exclusive',
  ];

  it.each(EVERYBODY)('are refused to %s', async (who) => {
    const client = await world.another(who);
    for (const table of [
      'coffee.projects',
      'coffee.roadmap_items',
      'coffee.slack_interactions',
      'coffee.people',
    ]) {
      for (const mode of MODES) {
        await client.query('begin');
        const { code } = await attempt(client, `lock table ${table} in ${mode} mode`);
        await client.query('rollback');
        expect([table, mode, code]).toEqual([table, mode, NOT_ALLOWED]);
      }
      for (const lock of ['for update', 'for no key update', 'for share', 'for key share']) {
        const sql = `select from ${table} ${lock}`;
        expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
      }
    }
    await client.end();
  });
});

describe('hostile timeouts', () => {
  it('the database ends what is forgotten, as long as nobody says otherwise', async () => {
    expect(await valueOf(await world.as('ben'), 'show idle_in_transaction_session_timeout')).toBe(
      '1min',
    );
  });

  it('whoever waits without end in a transaction holds up readers, daemons and other items not at all', async () => {
    const ben = await world.another('ben');
    await ben.query('set statement_timeout = 0');
    await ben.query('set idle_in_transaction_session_timeout = 0');
    await ben.query('begin isolation level repeatable read');
    await ben.query('select * from coffee.roadmap_items');
    await ben.query(`select coffee.edit_item($1, null, 'held')`, [world.ids.red.planned]);

    const anna = await world.another('anna');
    await anna.query(`set lock_timeout = '2s'`);
    await anna.query('select * from coffee.roadmap_items');
    await anna.query(`select coffee.ask($1, 'About the same item', '', $2)`, [
      world.ids.red.project,
      { item_id: world.ids.red.planned },
    ]);
    const daemon = await world.another('daemon');
    await daemon.query(`set lock_timeout = '2s'`);
    await daemon.query('select daemon.attach(gen_random_uuid())');
    await daemon.query(`select daemon.report('{"state": "idle"}')`);
    // The held item is passed over: nothing to do, not something to wait for.
    const claimed = await daemon.query(
      `select * from daemon.claim(gen_random_uuid(), '{rehearsal}')`,
    );
    expect(claimed.rowCount).toBe(0);
    await ben.query('rollback');
    await Promise.all([ben.end(), anna.end(), daemon.end()]);
  });

  it('a function that is cut off in its middle leaves nothing', async () => {
    const ben = await world.another('ben');
    const count = () => valueOf<string>(ben, `select count(*) from coffee.roadmap_items`);
    const before = await count();
    const entries = Array.from({ length: 3_000 }, (_, n) => ({
      number: String(n + 100),
      title: 'x',
      state: 'planned',
      body: '',
      source: null,
    }));
    await ben.query(`set statement_timeout = '20ms'`);
    const sql = `select coffee.import_items($1, null, $2)`;
    expect(await codeOf(ben, sql, [world.ids.red.project, JSON.stringify(entries)])).toBe('57014');
    await ben.query('reset statement_timeout');
    expect(await count()).toBe(before);
    await ben.end();
  });
});

describe('connection exhaustion', () => {
  it.each(['ben', 'nobody'] as Who[])('%s gets no more than its own share', async (who) => {
    const { login, password } = world.login(who);
    const [role] = await world.root<{ limit: number }>(
      `select rolconnlimit as limit from pg_roles where rolname = $1`,
      [login],
    );
    const clients = [];
    let refused: string | undefined;
    for (let n = 0; n <= role!.limit && refused === undefined; n += 1) {
      try {
        clients.push(await world.database.connect(world.database.urlFor(login, password)));
      } catch (error) {
        refused = (error as { code: string }).code;
      }
    }
    expect(refused).toBe('53300');
    expect(clients.length).toBeLessThanOrEqual(role!.limit);
    const carla = await world.another('carla');
    expect(await valueOf(carla, 'select 1')).toBe(1);
    await Promise.all([carla, ...clients].map((client) => client.end()));
  });
});

describe('deadlock retry', () => {
  it('one of two that wait for each other is told, loses nothing, and gets through when it tries again', async () => {
    const { red } = world.ids;
    const edit = (id: number, text: string) => ({
      text: `select coffee.edit_item($1, null, null, $2)`,
      values: [id, text],
    });
    const [ben, anna] = [await world.another('ben'), await world.another('anna')];
    await ben.query('begin');
    await anna.query('begin');
    await ben.query(edit(red.item, 'ben'));
    await anna.query(edit(red.planned, 'anna'));
    const outcomes = await Promise.allSettled([
      ben.query(edit(red.planned, 'ben')).then(() => ben.query('commit')),
      anna.query(edit(red.item, 'anna')).then(() => anna.query('commit')),
    ]);
    const lost = outcomes.findIndex(({ status }) => status === 'rejected');
    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect((outcomes[lost] as PromiseRejectedResult).reason).toMatchObject({ code: '40P01' });
    const [loser, name] = lost === 0 ? [ben, 'ben'] : [anna, 'anna'];
    await loser.query('rollback');
    await loser.query('begin');
    await loser.query(edit(red.item, name));
    await loser.query(edit(red.planned, name));
    await loser.query('commit');
    const rows = await world.root('select body from coffee.roadmap_items where id in ($1, $2)', [
      red.item,
      red.planned,
    ]);
    expect(rows).toEqual([{ body: name }, { body: name }]);
    await Promise.all([ben.end(), anna.end()]);
  });

  it('a person who blocks an item and the daemon that ends it never wait for each other', async () => {
    const daemon = await world.another('daemon');
    const anna = await world.another('anna');
    const { rows: projects } = await anna.query<{ id: string }>(
      `select coffee.add_project(null, 'races', '/x', '{"agent": "command", "backoff_s": 0, "max_attempts": 20}') as id`,
    );
    const { rows: items } = await anna.query<{ id: string }>(
      `select (coffee.add_item($1, 'x')).id`,
      [projects[0]!.id],
    );
    const id = items[0]!.id;
    for (let round = 0; round < 25; round += 1) {
      const { rows } = await daemon.query<{ fence: string }>(
        `select fence from daemon.claim(gen_random_uuid(), '{command}', '10 min')`,
      );
      const { fence } = rows[0]!;
      const ends =
        round % 2 === 0
          ? `daemon.finish($1, $2, 'failed')`
          : `daemon.update_attempt($1, $2, '{"branch": "b"}')`;
      const [person, program] = await Promise.all([
        attempt(anna, `select coffee.block_item($1, 'no')`, [id]),
        attempt(daemon, `select ${ends}`, [id, fence]),
      ]);
      expect(person.code).toBe('ok');
      expect(['ok', 'CR003']).toContain(program.code);
      await anna.query('select coffee.retry_item($1)', [id]);
    }
    await Promise.all([daemon.end(), anna.end()]);
  });
});
