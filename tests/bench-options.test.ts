import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openOneWaySync } from '../bench/options/one-way-sync';
import type { SqlitePlace } from '../bench/options/place';
import { makeTables } from '../bench/options/sqlite-schema';
import { openStation } from '../bench/options/station';
import { drawLinePanels } from '../bench/plot/line-panels';

let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), 'coffee-options-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function makePlace(side: string): SqlitePlace {
  const file = (name: string): string => path.join(folder, `${side}-${name}.db`);
  const place: SqlitePlace = {
    ...{ kind: 'sqlite', analytics: file('analytics') },
    ...{ notifications: file('notifications'), inner: file('inner') },
  };
  makeTables(place);
  return place;
}

it('copies new rows one way, and neither what changes later nor answers', async () => {
  const [from, to] = [makePlace('daemon'), makePlace('people')];
  const [daemon, person] = [await openStation(from), await openStation(to)];
  const sync = openOneWaySync(from, to);

  await daemon.begin('t1');
  const question = await daemon.ask('Which colour?');
  expect(sync.copy()).toBe(3);
  expect(await person.openQuestions()).toEqual([{ id: question, title: 'Which colour?' }]);
  expect(await person.answer(question, 'Red')).toBe(true);
  await daemon.finish('t1');
  await daemon.begin('t2');
  expect(sync.copy()).toBe(3); // the call that ended t1, t2 and its call

  expect((await person.kept()).traces).toEqual(
    new Map([
      ['t1', false],
      ['t2', false],
    ]),
  );
  expect((await daemon.kept()).traces.get('t1')).toBe(true);
  expect(await daemon.answersTo([question])).toEqual([]);
  for (const one of [daemon, person, sync]) await one.close();
});

it('takes the first answer from files too, and tells half a trace from a whole one', async () => {
  const place = makePlace('shared');
  const [one, other] = [await openStation(place), await openStation(place)];
  const question = await one.ask('Which colour?');
  expect(await one.answer(question, 'Red')).toBe(true);
  expect(await other.answer(question, 'Blue')).toBe(false);
  expect(await other.answersTo([question])).toEqual([{ id: question, answer: 'Red' }]);

  await one.begin('t1');
  await one.finish('t1');
  expect(await other.kept()).toMatchObject({ torn: 0, logged: new Set(['t1']) });
  for (const station of [one, other]) await station.close();
});

it('draws a mark for each value, higher for larger ones, and escapes names', () => {
  const svg = drawLinePanels({
    ...{ title: 'Four <options>', steps: ['1', '4'], stepsTitle: 'processes' },
    series: ['A'],
    panels: [{ title: 'writes', lines: [[10, 1000]] }],
  });
  expect(svg).toContain('Four &lt;options&gt;');
  expect(svg).toContain('prefers-color-scheme: dark');
  const heights = [...svg.matchAll(/<circle[^>]* cy="([\d.]+)"/g)].map(([, y]) => Number(y));
  expect(heights).toHaveLength(3); // the legend's and two values
  expect(heights[2]).toBeLessThan(heights[1]!);
});
