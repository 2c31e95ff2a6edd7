import { readDepartures } from '@coffee-roadmap/db/backup/departures';
import type { Client } from 'pg';
import { partitionUsage } from '../../../../db/tests/partition-usage';
import type { World } from '../../../../db/tests/world';
import {
  createBackedUpWorld,
  NEXT_NUMBER,
  type BackedUpWorld,
} from '../../../../tests/support/backed-up-world';
import { query } from '../../../../tests/support/database';
import { takeTurnsToRestore } from '../../../../tests/support/restore-turn';

let backedUp: BackedUpWorld;
let world: World;
let create: BackedUpWorld['create'];
let restore: BackedUpWorld['restore'];
let idOf: BackedUpWorld['idOf'];

takeTurnsToRestore();
beforeAll(async () => {
  backedUp = await createBackedUpWorld();
  ({ world, create, restore, idOf } = backedUp);
});
afterAll(() => backedUp.close());

it('makes logins that are gone, but nobody’s who was removed or erased in a database there', async () => {
  await partitionUsage(world.database.superuserUrl);
  // An identity that was made anew has a sequence of another name.
  await world.root(`alter table coffee.notifications alter id drop identity,
    alter id add generated always as identity (sequence name coffee.numbers_made_anew start 900)`);
  const anna = await world.as('anna');
  const add = `select login from coffee.add_login('person', 'leaver', array['team'])`;
  const { login: leaver } = (await anna.query<{ login: string }>(add)).rows[0]!;
  const before = await create('2026-11-21T16:00:00Z');
  const stored = before.manifest.tables.map(({ table }) => table);
  expect(stored.filter((table) => table.includes('usage_records'))).toEqual([
    'coffee.usage_records',
  ]);
  await anna.query(`select coffee.remove_login('person', 'leaver')`);
  const auditor = world.login('auditor');
  await world.root(`drop role "${auditor.login}"`);

  const name = `${world.database.name}_beside`;
  const { url, logins, removedAgain, unread } = await restore(before.folder, name);
  expect([logins, removedAgain, unread]).toEqual([
    {
      made: [{ login: auditor.login, kind: 'auditor', name: 'auditor' }],
      kept: before.manifest.logins.logins - 2,
    },
    [{ login: leaver, kind: 'person', name: 'leaver' }],
    [],
  ]);
  expect(await world.root('select from pg_roles where rolname = $1', [leaver])).toEqual([]);
  // Known there, too, so that the next restore lets nobody in either.
  const gone = await query(
    url,
    `select p.login, p.removed_at is not null and c.removed_at is not null as removed,
       (select count(*)::int from coffee.memberships m where m.member_id = p.id) as teams
     from priv.principals p join coffee.people c using (id) where p.name = 'leaver'`,
  );
  expect(gone).toEqual([{ login: null, removed: true, teams: 0 }]);
  const departed = await readDepartures(world.database.superuserUrl, [name]);
  expect(departed.removed).toContain(await idOf('leaver'));
  const own = new URL(url);
  own.username = auditor.login;
  own.password = auditor.password;
  expect(await query(own.href, 'select session_user as me')).toEqual([{ me: auditor.login }]);
  expect(await query(url, NEXT_NUMBER)).toEqual([{ n: '900' }]);
  // As one table, which is what migrations make.
  const usage = `select count(*)::int as n, sum(input_tokens)::text as tokens from coffee.usage_records`;
  expect(await query(url, usage)).toEqual(await world.root(usage));
  expect(await world.root(usage)).toEqual([{ n: expect.any(Number), tokens: expect.any(String) }]);

  // In use: told before any work.
  await world.root(`drop role "${auditor.login}"`);
  const labels = new Set<string>();
  const user = await world.database.connect(url);
  const note = { aside: `${name}_aside`, onProgress: (label: string) => void labels.add(label) };
  const used = { code: 'conflict', message: `somebody is connected to ${name}` };
  await expect(restore(before.folder, name, note)).rejects.toMatchObject(used);
  expect([...labels]).toEqual([]);
  await user.end();
  // And where somebody comes in meanwhile, no login is left of it, and nobody's ended.
  let late: Promise<Client> | undefined;
  const comeIn = (label: string): void => {
    if (label === 'restoring rows') late ??= world.database.connect(url);
  };
  const erased = [await idOf('mona')];
  const again = restore(before.folder, name, { ...note, erased, onProgress: comeIn });
  await expect(again).rejects.toMatchObject(used);
  expect((await (await world.another('mona')).query('select from coffee.whoami()')).rowCount).toBe(
    1,
  );
  await (await late!).end();
  const left = `select datname::text as name from pg_database where datname like $1
    union all select rolname from pg_roles where rolname = $2`;
  expect(await world.root(left, [`${name}%`, auditor.login])).toEqual([{ name }]);
});
