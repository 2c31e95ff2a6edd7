import { codeOf, NOT_ALLOWED, valueOf } from './refusal';
import { createWorld, type World } from './world';
import { EVERYBODY } from './logins';

const VIEWS = ['analytics.item_totals', 'analytics.attempt_totals', 'analytics.daemon_totals'];

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

describe.each(VIEWS)('%s', (view) => {
  it('shows the dashboard sums over all teams', async () => {
    const dashboard = await world.as('dashboard');
    expect((await dashboard.query(`select * from ${view}`)).rowCount).toBeGreaterThan(0);
  });

  it('has no column that could hold a person, a machine, a project or a text', async () => {
    const columns = await world.root<{ type: string; name: string }>(
      `select a.attname as name, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a
       where a.attrelid = $1::regclass and a.attnum > 0`,
      [view],
    );
    const telling = columns.filter(({ type }) => /^(text|uuid|jsonb|name|character)/.test(type));
    expect(telling).toEqual([]);
  });

  it.each(EVERYBODY.filter((who) => who !== 'dashboard'))('is closed to %s', async (who) => {
    expect(await codeOf(await world.as(who), `select from ${view}`)).toBe(NOT_ALLOWED);
  });
});

it('counts items over the teams', async () => {
  const [real] = await world.root<{ n: number }>(
    'select count(*)::int as n from coffee.roadmap_items',
  );
  const dashboard = await world.as('dashboard');
  expect(await valueOf(dashboard, 'select sum(items)::int from analytics.item_totals')).toBe(
    real!.n,
  );
});

it('shows a dashboard that is nobody in this database nothing', async () => {
  const { login } = world.login('dashboard');
  await world.root('update priv.principals set login = null, removed_at = now() where login = $1', [
    login,
  ]);
  const dashboard = await world.as('dashboard');
  for (const view of VIEWS) expect((await dashboard.query(`select from ${view}`)).rowCount).toBe(0);
});
