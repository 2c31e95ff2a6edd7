import { createWorld, type World } from './world';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

it('has rows of both teams in every table that a team has', async () => {
  const tables = await world.root<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c
     where c.relkind = 'r' and c.relnamespace::regnamespace::text in ('coffee', 'daemon', 'audit', 'priv')`,
  );
  const few: string[] = [];
  for (const { name } of tables) {
    const [row] = await world.root<{ n: number }>(`select count(*)::int as n from ${name}`);
    if (row!.n < 2) few.push(name);
  }
  // No row of priv.acting is ever committed; there is one price list until somebody imports another.
  // Seals and erasures change what other tests look at: the tests about them make them.
  expect(few.sort()).toEqual([
    'audit.erased_payloads',
    'audit.erasures',
    'audit.sealed',
    'audit.seals',
    'coffee.price_versions',
    'priv.acting',
    'priv.current_truth',
  ]);
});
