import { describeTable } from './table-rules';

const red = ['the red attempt'];
const blue = ['the blue attempt'];

describeTable({
  table: 'coffee.attempts',
  rows: {
    'the red attempt': ({ ids }) => `id = ${ids.red.attempt}`,
    'the blue attempt': ({ ids }) => `id = ${ids.blue.attempt}`,
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
    `insert into coffee.attempts (project_id, item_id, attempt, daemon_id, agent)
     values ('${ids.red.project}', ${ids.red.planned}, 1, '${ids.red.daemon}', 'x')`,
  column: 'cost_usd',
});
