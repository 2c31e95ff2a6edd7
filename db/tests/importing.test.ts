import type { Client } from 'pg';
import { codeOf, NOT_ALLOWED, NOT_FOUND, valueOf } from './refusal';
import { addItem, addProject, claim } from './steps';
import { createWorld, type World } from './world';

interface Entry {
  number: string;
  title?: string;
  state?: string;
  body?: string;
  source?: object | null;
}

let world: World;
let ben: Client;
beforeAll(async () => {
  world = await createWorld();
  ben = await world.as('ben');
});
afterAll(() => world.close());

/** How many changes it made. */
const importItems = (
  project: string,
  entries: Entry[],
  preamble: string | null = null,
): Promise<number> =>
  valueOf(ben, 'select coffee.import_items($1, $2, $3)', [
    project,
    preamble,
    JSON.stringify(
      entries.map((entry) => ({ title: 'x', state: 'planned', body: '', source: null, ...entry })),
    ),
  ]);
const items = async (project: string) =>
  (
    await ben.query(
      'select number, title, state, body from coffee.roadmap_items where project_id = $1 order by position',
      [project],
    )
  ).rows;

it('adds what is new, in the order of the file', async () => {
  const project = await addProject(ben);
  await addItem(ben, project, 'was there');
  expect(
    await importItems(project, [
      { number: '2.10' },
      { number: 'US-062', state: 'done' },
      { number: '2.1' },
    ]),
  ).toBe(3);
  expect((await items(project)).map(({ number }) => number as string)).toEqual([
    '1',
    '2.10',
    'US-062',
    '2.1',
  ]);
});

it('changes nothing the second time', async () => {
  const project = await addProject(ben);
  const entries = [
    { number: '1', body: 'text', source: { text: '## 1' } },
    { number: '2', state: 'blocked' },
  ];
  expect(await importItems(project, entries, '# Roadmap')).toBe(2);
  const before = await world.root(
    'select * from coffee.roadmap_items where project_id = $1 order by id',
    [project],
  );
  expect(await importItems(project, entries, '# Roadmap')).toBe(0);
  expect(
    await world.root('select * from coffee.roadmap_items where project_id = $1 order by id', [
      project,
    ]),
  ).toEqual(before);
});

it('never deletes', async () => {
  const project = await addProject(ben);
  await importItems(project, [{ number: '1' }, { number: '2' }]);
  expect(await importItems(project, [])).toBe(0);
  expect(await items(project)).toHaveLength(2);
});

it('moves among planned, blocked and done, and writes history', async () => {
  const project = await addProject(ben);
  await importItems(project, [{ number: '1' }]);
  for (const state of ['done', 'blocked', 'planned', 'blocked', 'done', 'planned']) {
    expect(await importItems(project, [{ number: '1', state }])).toBe(1);
    expect(await items(project)).toEqual([expect.objectContaining({ state })]);
  }
  const { rows } = await ben.query(
    `select from coffee.roadmap_history where project_id = $1 and change = 'import'`,
    [project],
  );
  expect(rows).toHaveLength(7);
});

it('leaves the state of what a daemon holds, and takes over its text', async () => {
  const project = await addProject(ben);
  await importItems(project, [{ number: '1' }]);
  await claim(await world.as('daemon'), { projects: [project] });
  expect(await importItems(project, [{ number: '1', title: 'new title', state: 'done' }])).toBe(1);
  expect(await items(project)).toEqual([
    expect.objectContaining({ title: 'new title', state: 'in_progress' }),
  ]);
});

it('gives nobody a piece of work that is already begun or under review', async () => {
  const project = await addProject(ben);
  await importItems(project, [{ number: '1' }]);
  for (const state of ['in_progress', 'in_review']) {
    expect(await importItems(project, [{ number: '1', state }])).toBe(0);
    expect(await items(project)).toEqual([expect.objectContaining({ state: 'planned' })]);
  }
});

it('of a file with one bad entry changes nothing at all', async () => {
  const project = await addProject(ben);
  for (const bad of [
    { number: 'x' },
    { number: '3', state: 'started' },
    { number: '3', title: '' },
  ]) {
    await expect(importItems(project, [{ number: '1' }, bad])).rejects.toThrow();
    expect(await items(project)).toEqual([]);
  }
});

it('is for people of the team', async () => {
  const sql = `select coffee.import_items($1, null, '[]')`;
  expect(await codeOf(await world.as('carla'), sql, [world.ids.red.project])).toBe(NOT_FOUND);
  for (const who of ['agent', 'daemon', 'slackbot'] as const) {
    expect(await codeOf(await world.as(who), sql, [world.ids.red.project])).toBe(NOT_ALLOWED);
  }
});

it('by two people at once is one after the other', async () => {
  const project = await addProject(ben);
  const entries = JSON.stringify(
    Array.from({ length: 20 }, (_, n) => ({
      number: String(n + 1),
      title: 'x',
      state: 'planned',
      body: '',
      source: null,
    })),
  );
  const sessions = await Promise.all([1, 2, 3].map(() => world.another('ben')));
  const counts = await Promise.all(
    sessions.map((session) =>
      valueOf<number>(session, 'select coffee.import_items($1, null, $2)', [project, entries]),
    ),
  );
  expect(counts.sort((a, b) => a - b)).toEqual([0, 0, 20]);
  await Promise.all(sessions.map((session) => session.end()));
});
