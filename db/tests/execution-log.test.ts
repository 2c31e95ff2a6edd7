import { describeTable } from './table-rules';

describeTable({
  table: 'daemon.execution_log',
  rows: {
    'the log of the red daemon': ({ ids }) => `daemon_id = '${ids.red.daemon}'`,
    'the log of the blue daemon': ({ ids }) => `daemon_id = '${ids.blue.daemon}'`,
  },
  reads: { daemon: ['the log of the red daemon'], blueDaemon: ['the log of the blue daemon'] },
  insert: ({ ids }) =>
    `insert into daemon.execution_log (daemon_id, level, message)
     values ('${ids.red.daemon}', 'info', 'x')`,
  column: 'message',
});
