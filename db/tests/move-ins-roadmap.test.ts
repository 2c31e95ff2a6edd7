import type { Client } from 'pg';
import { moveIn, ROLL_BACK, rowsOfAll } from './move-in';
import { attempt, codeOf, CONFLICT, NOT_ALLOWED, valueOf } from './refusal';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
let project: string;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
  project = world.ids.red.project;
});
afterAll(() => world.close());

const entry = (number: string, title: string, state = 'planned', body = ''): object => ({
  ...{ number, title, state, body },
  source: { text: `### PRIORITY ${number}: ${title}\n` },
});
/** As a move from coffee_maker does it: entries, the text before them, and places. */
const move = (
  entries: object[],
  preamble: string | null = null,
  places: [string, string][] = [],
): Promise<[number, unknown]> =>
  moveIn(ben, 'coffee-maker', async () => {
    const given = [project, preamble, JSON.stringify(entries)];
    await ben.query('select coffee.import_items($1, $2, $3)', given);
    for (const [number, before] of places)
      await ben.query(
        `select coffee.move_item((select id from coffee.roadmap_items where project_id = $1 and number = $2),
          (select id from coffee.roadmap_items where project_id = $1 and number = $3))`,
        [project, number, before],
      );
  });
const idOf = (number: string): Promise<string> =>
  valueOf(ben, 'select id from coffee.roadmap_items where project_id = $1 and number = $2', [
    project,
    number,
  ]);
const ownId = async (): Promise<string> =>
  (await world.root<{ id: string }>(`select id from priv.principals where name = 'ben'`))[0]!.id;
const versions = '{version,updated_at}';
const items = async (): Promise<unknown> => [
  (
    await ben.query(
      `select to_jsonb(i) - '${versions}'::text[] as item from coffee.roadmap_items i order by i.id`,
    )
  ).rows,
  await valueOf(ben, 'select roadmap_preamble from coffee.projects where id = $1', [project]),
];
const changesOf = async (id: string): Promise<unknown[]> =>
  (
    await ben.query<{ change: string; reason: string | null }>(
      'select change::text, reason from coffee.roadmap_history where item_id = $1 order by id',
      [id],
    )
  ).rows.map(({ change, reason }) => [change, reason]);

it('takes a roadmap back: what it brought goes, what it changed is as it was, and the history says so', async () => {
  await ben.query('select coffee.import_items($1, $2, $3)', [
    project,
    'before',
    JSON.stringify([entry('71', 'As it was'), entry('72', 'Finished', 'done')]),
  ]);
  const before = await items();
  const history = await rowsOfAll(world, ['roadmap_history']);
  const known = await idOf('71');
  const version = (): Promise<number> =>
    valueOf(ben, 'select version::int from coffee.roadmap_items where id = $1', [known]);
  const seen = await version();
  const [batch] = await move(
    [
      entry('71', 'As the file says', 'done', 'Told at length.'),
      entry('72', 'Finished', 'planned'),
      entry('73', 'New'),
      entry('74', 'New, and done', 'done'),
    ],
    'from the file',
    [['73', '71']],
  );
  const brought = await idOf('73');
  expect(await items()).not.toEqual(before);

  expect(await valueOf(ben, ROLL_BACK, [batch, false])).toMatchObject({ kept: 0, priorities: [] });
  expect(await items()).toEqual(before);
  // Whoever saw a version does not take another for it.
  expect(await version()).toBeGreaterThan(seen + 1);
  const reason = `move-in batch ${batch} was taken back`;
  expect(await changesOf(brought)).toEqual([
    ['import', null],
    ['move', null],
    ['withdraw', reason],
  ]);
  expect((await changesOf(known)).slice(-2)).toEqual([
    ['import', reason],
    ['withdraw', reason],
  ]);
  // Nothing of the history went.
  const now = (await rowsOfAll(world, ['roadmap_history'])).roadmap_history as unknown[];
  for (const row of history.roadmap_history as unknown[]) expect(now).toContainEqual(row);

  // Moved in once more, its number is free, and later batches lie upon earlier ones.
  const [first] = await move([entry('73', 'Again')]);
  const between = await items();
  const [second] = await move([entry('73', 'Again, revised')]);
  const refused = await attempt(ben, ROLL_BACK, [first, false]);
  expect([refused.code, refused.message]).toEqual([CONFLICT, expect.stringMatching(/priority 73/)]);
  await ben.query(ROLL_BACK, [second, false]);
  expect(await items()).toEqual(between);
  await ben.query(ROLL_BACK, [first, false]);
  expect(await items()).toEqual(before);
});

it('leaves a priority alone while an attempt at it is open', async () => {
  const given = [project, null, JSON.stringify([entry('76', 'Known', 'planned', 'Before.')])];
  await ben.query('select coffee.import_items($1, $2, $3)', given);
  const [batch] = await move([entry('76', 'Known', 'planned', 'As the file says.')]);
  const id = await idOf('76');
  // As it is when the day's money ends: planned again, and the attempt waits.
  const [begun] = await world.root<{ id: string }>(
    `insert into coffee.attempts (item_id, project_id, attempt, daemon_id, agent)
     select $1, $2, 1, daemon_id, 'rehearsal' from coffee.attempts where id = $3 returning id`,
    [id, project, world.ids.red.attempt],
  );
  const refused = await attempt(ben, ROLL_BACK, [batch, false]);
  expect([refused.code, refused.message]).toEqual([CONFLICT, expect.stringMatching(/priority 76/)]);
  await world.root('delete from coffee.attempts where id = $1', [begun!.id]);
  expect(await valueOf(ben, ROLL_BACK, [batch, false])).toMatchObject({ kept: 0 });
  expect(await valueOf(ben, 'select body from coffee.roadmap_items where id = $1', [id])).toBe(
    'Before.',
  );
});

it('leaves what somebody has touched since, and says which', async () => {
  const before = await items();
  const [batch] = await move(
    ['81', '82', '83', '84'].map((number) => entry(number, `New ${number}`)),
    'another',
  );
  const anna = await world.as('anna');
  await anna.query('select coffee.edit_item($1, null, $2)', [await idOf('82'), 'Mine now']);
  const asked = `insert into coffee.notifications (project_id, item_id, kind, state, title, asked_by, asked_by_name, key_scope, key)
    values ('${project}', ${await idOf('83')}, 'info', 'posted', 'Of it', '${await ownId()}', 'x', 'x', 'x') returning id`;
  const [note] = await world.root<{ id: string }>(asked);
  await valueOf(ben, `select coffee.set_project($1, '{"roadmap_preamble": "by hand"}')`, [project]);

  const refused = await attempt(ben, ROLL_BACK, [batch, false]);
  expect([refused.code, refused.message]).toEqual([
    CONFLICT,
    expect.stringMatching(/^3 of what batch .* among them priority 82, 83$/),
  ]);
  expect(await idOf('81')).toEqual(expect.any(String));
  expect(await valueOf(ben, ROLL_BACK, [batch, true])).toMatchObject({
    ...{ kept: 3, priorities: ['82', '83'] },
  });
  const left = `select number, title from coffee.roadmap_items where number like '8_' order by number`;
  expect((await ben.query(left)).rows).toEqual([
    { number: '82', title: 'Mine now' },
    { number: '83', title: 'New 83' },
  ]);
  const preamble = 'select roadmap_preamble from coffee.projects where id = $1';
  expect(await valueOf(ben, preamble, [project])).toBe('by hand');

  await world.root(`delete from coffee.notifications where id = ${note!.id}`);
  await world.root(`delete from coffee.roadmap_items where number in ('82', '83')`);
  await valueOf(ben, 'select coffee.set_project($1, $2)', [
    project,
    JSON.stringify({ roadmap_preamble: (before as unknown[])[1] }),
  ]);
  expect(await items()).toEqual(before);
});

it('takes nothing away from a project that the mover has left, and lets nobody delete a priority', async () => {
  const [batch] = await move([entry('91', 'Stays')]);
  const held = await world.root<{ row: object }>(
    `delete from coffee.memberships m where m.member_id = '${await ownId()}' returning to_jsonb(m) as row`,
  );
  expect(await codeOf(ben, ROLL_BACK, [batch, false])).toBe(CONFLICT);
  await world.root(
    `insert into coffee.memberships select * from jsonb_populate_recordset(null::coffee.memberships,
      '${JSON.stringify(held.map(({ row }) => row))}')`,
  );
  expect(await idOf('91')).toEqual(expect.any(String));
  for (const who of ['ben', 'agent', 'daemon', 'slackbot', 'dashboard'] as const)
    expect(
      await codeOf(await world.as(who), `delete from coffee.roadmap_items where number = '91'`),
    ).toBe(NOT_ALLOWED);
  await ben.query(ROLL_BACK, [batch, false]);
});
