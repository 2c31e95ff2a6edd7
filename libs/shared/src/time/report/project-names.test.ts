import type { Stream } from '../queries';
import { projectNamesOf } from './project-names';

const stream = (id: string, tag: string): Stream => ({
  ...{ id, name: tag, machineId: 'm', machine: 'desk', remote: null, folders: [], tags: [tag] },
});
const project = (id: string, name: string, team: string) => ({
  ...{ id, name, team, team_id: team, archived_at: null },
});
const link = (value: string, project_id: string) => ({ kind: 'tag' as const, value, project_id });

it('names the project that publishing would take, by its team where a name is there twice', () => {
  const streams = ['a', 'b', 'c', 'd'].map((tag, i) => stream(`${i}`, tag));
  const links = [link('a', 'p'), link('b', 'q'), link('c', '5f2a9c10-0000')];
  const projects = [project('p', 'shop', 'red'), project('q', 'shop', 'blue')];
  expect([...projectNamesOf(streams, links, projects)]).toEqual([
    ['0', 'red/shop'],
    ['1', 'blue/shop'],
    ['2', '5f2a9c10'], // of a database that cannot be reached
  ]);
  expect(
    projectNamesOf(streams, [...links, link('d', 'p')], [project('p', 'shop', 'red')]),
  ).toEqual(
    new Map([
      ['0', 'shop'],
      ['1', 'q'],
      ['2', '5f2a9c10'],
      ['3', 'shop'],
    ]),
  );
});
