import { describeTable } from './table-rules';

const red = ['the red daemon'];
const blue = ['the blue daemon'];

describeTable({
  table: 'coffee.daemon_status',
  rows: {
    'the red daemon': ({ ids }) => `daemon_id = '${ids.red.daemon}'`,
    'the blue daemon': ({ ids }) => `daemon_id = '${ids.blue.daemon}'`,
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
    `insert into coffee.daemon_status (daemon_id, name, state, version, started_at, heartbeat_at)
     values ('${ids.red.person}', 'x', 'idle', '1', now(), now())`,
  column: 'note',
});
