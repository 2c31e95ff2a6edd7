import { EVERYBODY, type Who } from '../logins';
import { attempt, codeOf, NOT_ALLOWED, valueOf } from '../refusal';
import { createWorld, type World } from '../world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe('leak through a cast error', () => {
  const PROBES = [
    'select title::int from coffee.roadmap_items',
    'select from coffee.roadmap_items where title::int = 1',
    `select from coffee.roadmap_items where 1 / (position('secret' in title) - position('secret' in title)) = 1`,
    'select * from coffee.roadmap_items order by title::int',
    'select * from coffee.roadmap_items i join generate_series(1, 2) n on n = i.title::int',
    'select count(*) from coffee.roadmap_items group by title::int',
    `select from coffee.roadmap_items where title like 'blue%' and title::int = 1`,
  ];

  it.each(PROBES)('shows nothing of the other team: %s', async (sql) => {
    const ben = await world.as('ben');
    for (const settings of ['set enable_seqscan = on', 'set enable_seqscan = off']) {
      await ben.query(settings);
      const { message } = await attempt(ben, sql);
      expect(message).not.toMatch(/blue/);
    }
    await ben.query('reset enable_seqscan');
    const [hidden] = await world.root(
      `select 1 from coffee.roadmap_items where title ~ 'blue secret'`,
    );
    expect(hidden).toBeDefined();
  });

  it('shows the caller what it may read anyway', async () => {
    const { message } = await attempt(await world.as('ben'), PROBES[0]!);
    expect(message).toMatch(/red secret/);
  });
});

describe('leaky function through a view', () => {
  it('meets only states and sums in the totals that run with other rights', async () => {
    const dashboard = await world.as('dashboard');
    for (const [view, column] of [
      ['item_totals', 'state'],
      ['attempt_totals', 'outcome'],
      ['daemon_totals', 'state'],
    ]) {
      const { message } = await attempt(
        dashboard,
        `select from analytics.${view} where ${column}::text::int = 1`,
      );
      expect(message).not.toMatch(/secret|red|blue|anna|ben|carla/);
    }
  });

  it('cannot be brought along: nobody may make a function, not even a temporary one', async () => {
    for (const who of EVERYBODY) {
      const sql = `create function pg_temp.leak(text) returns boolean language plpgsql cost 0.0001
        as $$ begin raise notice '%', $1; return true; end $$`;
      expect(await codeOf(await world.as(who), sql)).toBe(NOT_ALLOWED);
    }
  });
});

describe('view without security_invoker', () => {
  it('would show everything, which is why there is none but the listed sums', async () => {
    await world.root('create view analytics.trap as select name from coffee.people');
    await world.root(
      'create view analytics.safe with (security_invoker) as select name from coffee.people',
    );
    await world.root('grant select on analytics.trap, analytics.safe to coffee_user');
    const ben = await world.as('ben');
    const names = async (view: string): Promise<string> =>
      valueOf(ben, `select string_agg(name, ' ' order by name) from analytics.${view}`);
    expect(await names('trap')).toMatch(/carla/);
    expect(await names('safe')).toBe('anna ben mona');
    await world.root('drop view analytics.trap, analytics.safe');
    const left = await world.root(
      `select c.oid::regclass::text as name from pg_class c
       where c.relkind = 'v' and c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'analytics', 'priv')
         and not coalesce(c.reloptions @> '{security_invoker=true}', false) order by 1`,
    );
    expect(left.map(({ name }) => name as string)).toEqual([
      'analytics.attempt_spend',
      'analytics.attempt_totals',
      'analytics.daemon_totals',
      'analytics.item_totals',
      'analytics.phrase_marks',
      'analytics.phrase_names',
      'analytics.phrase_totals',
      'analytics.team_usage',
      'analytics.trace_totals',
      'analytics.usage_totals',
      'priv.attempt_spend',
    ]);
  });
});

describe('materialized view over private rows', () => {
  it('does not exist, because it has no policies', async () => {
    expect(await world.root(`select 1 from pg_matviews`)).toEqual([]);
  });
});

describe('planner statistics', () => {
  it('of tables with policies are shown to nobody', async () => {
    await world.root('analyze');
    const [there] = await world.root<{ n: number }>(
      `select count(*)::int as n from pg_stats where schemaname = 'coffee' and attname = 'title'`,
    );
    expect(there!.n).toBeGreaterThan(0);
    for (const who of EVERYBODY) {
      const client = await world.as(who);
      const seen = await client.query(
        `select from pg_stats where schemaname in ('coffee', 'daemon', 'audit', 'priv')`,
      );
      expect([who, seen.rowCount]).toEqual([who, 0]);
      expect(await codeOf(client, 'select * from pg_statistic')).toBe(NOT_ALLOWED);
      expect(await codeOf(client, 'select * from pg_statistic_ext_data')).toBe(NOT_ALLOWED);
    }
  });

  it('are looked up by a server that has the fixes for leaks past policies', async () => {
    const [row] = await world.root<{ n: number }>(
      `select current_setting('server_version_num')::int as n`,
    );
    const oldest = { 15: 150014, 16: 160010, 17: 170006 }[Math.floor(row!.n / 10_000)] ?? 180000;
    expect(row!.n).toBeGreaterThanOrEqual(oldest);
  });
});

describe('catalog exposure', () => {
  it('tells login names that tell nothing', async () => {
    for (const who of ['anna', 'ben', 'carla', 'daemon'] as Who[]) {
      expect(world.login(who).login).toMatch(/^(u|daemon)_[0-9a-f]{12}$/);
    }
  });

  it.each(EVERYBODY)('shows %s no password and no configuration', async (who) => {
    const client = await world.as(who);
    for (const sql of [
      'select rolpassword from pg_authid',
      'select passwd from pg_shadow',
      'select * from pg_subscription',
      'select * from pg_file_settings',
      'select * from pg_ident_file_mappings',
      'select * from pg_user_mapping',
      'select * from pg_config()',
      'select pg_current_logfile()',
      'select * from pg_ls_waldir()',
      'select * from pg_backend_memory_contexts',
      'select * from pg_shmem_allocations',
    ]) {
      expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
    const shown = await valueOf(client, `select bool_and(rolpassword = '********') from pg_roles`);
    expect(shown).toBe(true);
    for (const setting of ['hba_file', 'data_directory', 'config_file']) {
      expect(await codeOf(client, `show ${setting}`)).toBe(NOT_ALLOWED);
    }
  });

  it('holds no secret in a function, a comment or a default, which everybody can read', async () => {
    const texts = await world.root<{ text: string }>(
      `select prosrc as text from pg_proc where pronamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'priv')
       union all select description from pg_description d join pg_class c on c.oid = d.objoid
         where c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'priv')`,
    );
    const { password } = world.login('anna');
    expect(
      texts.filter(({ text }) => text.includes(password) || /scram-sha-256|sk-ant-/i.test(text)),
    ).toEqual([]);
  });
});

describe('daemon schema hidden', () => {
  it.each(EVERYBODY.filter((who) => !who.toLowerCase().includes('daemon')))(
    'from %s',
    async (who) => {
      const client = await world.as(who);
      for (const sql of [
        'select * from daemon.task_queue',
        'select * from daemon.execution_log',
        `select daemon.claim(gen_random_uuid(), '{rehearsal}')`,
        `select daemon.attach(gen_random_uuid())`,
        `select daemon.heartbeat(1, 1, '1 s')`,
        `select daemon.release(1, 1)`,
        `select daemon.finish(1, 1, 'review')`,
        `select daemon.log('info', 'x')`,
        `select daemon.report('{}')`,
        `select nextval('daemon.fences')`,
        `select last_value from daemon.fences`,
        `select setval('daemon.progress_hints', 1)`,
      ]) {
        expect([sql, await codeOf(client, sql)]).toEqual([sql, NOT_ALLOWED]);
      }
      const named = await client.query(
        `select from information_schema.tables where table_schema = 'daemon'`,
      );
      expect(named.rowCount).toBe(0);
    },
  );

  it('has the leases and logs that they do not see', async () => {
    const [row] = await world.root<{ n: number }>(
      `select (select count(*) from daemon.task_queue)::int + (select count(*) from daemon.execution_log)::int as n`,
    );
    expect(row!.n).toBeGreaterThanOrEqual(4);
  });

  it('lets a daemon neither restart the fences nor silence the hints', async () => {
    const daemon = await world.as('daemon');
    for (const sql of [
      `select nextval('daemon.fences')`,
      `select setval('daemon.fences', 1)`,
      `alter sequence daemon.fences restart`,
      `select setval('daemon.progress_hints', 9223372036854775807)`,
    ]) {
      expect([sql, await codeOf(daemon, sql)]).toEqual([sql, NOT_ALLOWED]);
    }
  });
});
