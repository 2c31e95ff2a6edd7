import { describeTable } from './table-rules';

describeTable({
  table: 'daemon.task_queue',
  rows: {
    'the red lease': ({ ids }) => `item_id = ${ids.red.item}`,
    'the blue lease': ({ ids }) => `item_id = ${ids.blue.item}`,
  },
  reads: { daemon: ['the red lease'], blueDaemon: ['the blue lease'] },
  insert: ({ ids }) =>
    `insert into daemon.task_queue (item_id, kind, daemon_id, fence, lease_until)
     values (${ids.red.planned}, 'work', '${ids.red.daemon}', 1, now() + interval '1 year')`,
  column: 'lease_until',
});
