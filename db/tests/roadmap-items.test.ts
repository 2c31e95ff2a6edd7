import { describeTable } from './table-rules';

const red = ['the red items'];
const blue = ['the blue items'];

describeTable({
  table: 'coffee.roadmap_items',
  rows: {
    'the red items': ({ ids }) => `project_id = '${ids.red.project}'`,
    'the blue items': ({ ids }) => `project_id = '${ids.blue.project}'`,
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
    `insert into coffee.roadmap_items (project_id, number, position, title)
     values ('${ids.red.project}', '99', 99, 'x')`,
  column: 'state',
});
