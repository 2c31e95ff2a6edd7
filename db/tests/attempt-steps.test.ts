import { codeOf } from './refusal';
import { describeTable } from './table-rules';

const red = ['the red steps'];
const blue = ['the blue steps'];

describeTable(
  {
    table: 'coffee.attempt_steps',
    rows: {
      'the red steps': ({ ids }) => `attempt_id = ${ids.red.attempt}`,
      'the blue steps': ({ ids }) => `attempt_id = ${ids.blue.attempt}`,
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
      `insert into coffee.attempt_steps (attempt_id, step, project_id, kind, summary)
       values (${ids.red.attempt}, 99, '${ids.red.project}', 'note', 'x')`,
    column: 'summary',
  },
  (world) => {
    it.each([
      ['update', `update coffee.attempt_steps set summary = 'x'`],
      ['delete', 'delete from coffee.attempt_steps'],
      ['truncate', 'truncate coffee.attempt_steps'],
    ])('refuses %s even to a superuser', async (_verb, sql) => {
      expect(await codeOf(await world().database.connect(), sql)).toBe('42501');
    });
  },
);
