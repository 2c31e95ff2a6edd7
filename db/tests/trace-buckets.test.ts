import { describeTable } from './table-rules';

const red = ['sums of red'];
const blue = ['sums of blue'];

describeTable({
  table: 'coffee.trace_buckets',
  rows: {
    'sums of red': ({ ids }) => `project_id = '${ids.red.project}'`,
    'sums of blue': ({ ids }) => `project_id = '${ids.blue.project}'`,
  },
  reads: {
    anna: red,
    mona: red,
    ben: red,
    carla: blue,
    daemon: red,
    blueDaemon: blue,
    nobody: [],
  },
  insert: ({ ids }) =>
    `insert into coffee.trace_buckets (project_id, bucket, model, daemon_id, item_id, calls)
     values ('${ids.red.project}', '2000-01-01Z', 'x', '${ids.red.daemon}', 0, 1)`,
  column: 'calls',
});
