import fc from 'fast-check';
import type { Client } from 'pg';
import { attempt, codeOf, CONFLICT, INVALID, NOT_FOUND, valueOf } from './refusal';
import { addItem, addProject, claim } from './steps';
import { createWorld, type World } from './world';

let world: World;
let ben: Client;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
});
afterAll(() => world.close());

const order = async (project: string): Promise<number[]> =>
  (
    await ben.query<{ id: string }>(
      'select id from coffee.roadmap_items where project_id = $1 order by position, id',
      [project],
    )
  ).rows.map(({ id }) => Number(id));

describe('add', () => {
  it('gives the next number, and takes one that a person chose', async () => {
    const project = await addProject(ben);
    const add = (number: string | null) =>
      valueOf<string>(ben, `select (coffee.add_item($1, 'x', '', $2)).number`, [project, number]);
    expect([
      await add(null),
      await add('7'),
      await add('2.10'),
      await add('US-900'),
      await add(null),
    ]).toEqual(['1', '7', '2.10', 'US-900', '8']);
    for (const [number, code] of [
      ['7', CONFLICT],
      ['x', '23514'],
      ['1.2.3', '23514'],
      ['-1', '23514'],
      ['', '23514'],
    ]) {
      expect([
        number,
        await codeOf(ben, `select coffee.add_item($1, 'x', '', $2)`, [project, number]),
      ]).toEqual([number, code]);
    }
  });

  it('still finds a number after the largest that there can be', async () => {
    const project = await addProject(ben);
    await ben.query(`select coffee.add_item($1, 'x', '', '999999999')`, [project]);
    const next = `select (coffee.add_item($1, 'x')).number`;
    expect([await valueOf(ben, next, [project]), await valueOf(ben, next, [project])]).toEqual([
      '1',
      '2',
    ]);
  });

  it('puts it last, or before another one of the project', async () => {
    const project = await addProject(ben);
    const [a, b] = [await addItem(ben, project), await addItem(ben, project)];
    const c = Number(
      await valueOf(ben, `select (coffee.add_item($1, 'x', '', null, $2)).id`, [project, b]),
    );
    expect(await order(project)).toEqual([a, c, b]);
    const other = await addItem(ben, await addProject(ben));
    expect(
      await codeOf(ben, `select coffee.add_item($1, 'x', '', null, $2)`, [project, other]),
    ).toBe(NOT_FOUND);
  });

  it.each(['', '   ', 'x'.repeat(501), 'two\nlines', null])(
    'refuses the title %.20j',
    async (title) => {
      const code = await codeOf(ben, 'select coffee.add_item($1, $2)', [
        await addProject(ben),
        title,
      ]);
      expect(code).toMatch(/^23/);
    },
  );

  it('by many at once gives everybody another number', async () => {
    const project = await addProject(ben);
    const sessions = await Promise.all(Array.from({ length: 6 }, () => world.another('ben')));
    await Promise.all(
      sessions.map(async (session) => {
        for (let n = 0; n < 5; n += 1) await addItem(session, project);
      }),
    );
    const { rows } = await ben.query<{ n: string }>(
      'select count(distinct number) as n from coffee.roadmap_items where project_id = $1',
      [project],
    );
    expect(rows).toEqual([{ n: '30' }]);
    await Promise.all(sessions.map((session) => session.end()));
  });
});

describe('edit', () => {
  it('compares the version that the person saw', async () => {
    const item = await addItem(ben, await addProject(ben));
    expect(await valueOf(ben, `select (coffee.edit_item($1, 1, 'new')).version`, [item])).toBe('2');
    const late = await attempt(ben, `select coffee.edit_item($1, 1, 'other')`, [item]);
    expect(late).toMatchObject({ code: CONFLICT, message: 'priority 1 was changed meanwhile' });
    const [row] = await world.root('select title from coffee.roadmap_items where id = $1', [item]);
    expect(row).toEqual({ title: 'new' });
  });

  it('of two at once keeps one and tells the other', async () => {
    const item = await addItem(ben, await addProject(ben));
    const anna = await world.as('anna');
    const outcomes = await Promise.all([
      codeOf(ben, `select coffee.edit_item($1, 1, 'ben')`, [item]),
      codeOf(anna, `select coffee.edit_item($1, 1, 'anna')`, [item]),
    ]);
    expect(outcomes.sort()).toEqual([CONFLICT, 'ok']);
  });
});

describe('move', () => {
  it('does what moving a card does, however often and wherever', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(4), fc.option(fc.nat(4))), { maxLength: 25 }),
        async (moves) => {
          const project = await addProject(ben);
          const items: number[] = [];
          for (let n = 0; n < 5; n += 1) items.push(await addItem(ben, project));
          let expected = [...items];
          for (const [from, to] of moves) {
            const item = items[from]!;
            const before = to === null ? null : items[to]!;
            if (item === before) continue;
            await ben.query('select coffee.move_item($1, $2)', [item, before]);
            expected = expected.filter((id) => id !== item);
            expected.splice(before === null ? expected.length : expected.indexOf(before), 0, item);
          }
          expect(await order(project)).toEqual(expected);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('numbers the places anew before halving them runs out of bits', async () => {
    const project = await addProject(ben);
    const items = [];
    for (let n = 0; n < 3; n += 1) items.push(await addItem(ben, project));
    const [a, b, c] = items;
    let [second, third] = [b, c];
    for (let n = 0; n < 150; n += 1) {
      await ben.query('select coffee.move_item($1, $2)', [third, second]);
      [second, third] = [third, second];
    }
    expect(await order(project)).toEqual([a, second, third]);
    const { rows } = await ben.query<{ places: string }>(
      'select count(distinct position) as places from coffee.roadmap_items where project_id = $1',
      [project],
    );
    expect(rows).toEqual([{ places: '3' }]);
  });
});

describe('settings of a project', () => {
  it('change one by one, null clears, and what is unknown is refused', async () => {
    const project = await addProject(ben, { budget_day_usd: 5, agent_command: ['node', 'x.js'] });
    const set = async (settings: object) =>
      (await ben.query('select * from coffee.set_project($1, $2)', [project, settings]))
        .rows[0] as object;
    expect(await set({ merge: 'manual' })).toMatchObject({
      merge: 'manual',
      budget_day_usd: '5.0000',
    });
    expect(await set({ budget_day_usd: null })).toMatchObject({
      budget_day_usd: null,
      agent_command: ['node', 'x.js'],
    });
    expect(await set({ archived: true })).toMatchObject({ archived_at: expect.any(Date) as Date });
    expect(await set({ name: 'renamed' })).toMatchObject({ archived_at: expect.any(Date) as Date });
    expect(await set({ archived: false })).toMatchObject({ archived_at: null });
    await expect(set({ colour: 'red' })).rejects.toMatchObject({
      code: INVALID,
      message: 'unknown setting: colour',
    });
    for (const bad of [
      { max_attempts: 0 },
      { attempt_minutes: 0 },
      { agent: 'rm -rf' },
      { merge: 'maybe' },
      { name: null },
    ]) {
      await expect(set(bad)).rejects.toThrow();
    }
    expect(await codeOf(ben, 'select coffee.set_project($1, null)', [project])).toBe('ok');
  });

  it('need a team where there is more than one', async () => {
    const anna = await world.as('anna');
    await anna.query(`select coffee.set_membership('blue', 'person', 'ben', 'member')`);
    expect(await codeOf(ben, `select coffee.add_project(null, 'x', '/x')`)).toBe(NOT_FOUND);
    expect(
      await codeOf(ben, `select coffee.add_project($1, 'x', '/x')`, [world.ids.blue.team]),
    ).toBe('ok');
    await anna.query(`select coffee.set_membership('blue', 'person', 'ben', null)`);
    expect(
      await codeOf(ben, `select coffee.add_project($1, 'y', '/x')`, [world.ids.blue.team]),
    ).toBe(NOT_FOUND);
  });
});

describe('the default branch', () => {
  it('is found out once by a daemon, and never changed by one', async () => {
    const project = await addProject(ben);
    await addItem(ben, project);
    const daemon = await world.as('daemon');
    expect(await claim(daemon, { projects: [project] })).toBeDefined();
    for (const branch of ['trunk', 'main'])
      await daemon.query('select daemon.set_default_branch($1, $2)', [project, branch]);
    expect(
      await valueOf(ben, 'select default_branch from coffee.projects where id = $1', [project]),
    ).toBe('trunk');
  });
});
