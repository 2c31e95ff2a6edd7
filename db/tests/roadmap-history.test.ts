import { codeOf } from './refusal';
import { describeTable } from './table-rules';

const red = ['the red history'];
const blue = ['the blue history'];

describeTable(
  {
    table: 'coffee.roadmap_history',
    rows: {
      'the red history': ({ ids }) => `item_id = ${ids.red.item}`,
      'the blue history': ({ ids }) => `item_id = ${ids.blue.item}`,
    },
    reads: {
      anna: red,
      mona: red,
      ben: red,
      carla: blue,
      agent: red,
      daemon: red,
      blueDaemon: blue,
      slackbot: [...red, ...blue],
      nobody: [],
    },
    insert: ({ ids }) =>
      `insert into coffee.roadmap_history (project_id, item_id, changed_by_name, change)
       values ('${ids.red.project}', ${ids.red.item}, 'anna', 'accept')`,
    column: 'changed_by_name',
  },
  (world) => {
    it.each([
      ['update', `update coffee.roadmap_history set changed_by_name = 'x'`],
      ['delete', 'delete from coffee.roadmap_history'],
      ['truncate', 'truncate coffee.roadmap_history'],
    ])('refuses %s even to a superuser', async (_verb, sql) => {
      expect(await codeOf(await world().database.connect(), sql)).toBe('42501');
    });
  },
);
