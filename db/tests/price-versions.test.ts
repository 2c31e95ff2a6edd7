import { describeTable } from './table-rules';

const all = ['the shipped version'];

describeTable({
  table: 'coffee.price_versions',
  rows: { 'the shipped version': () => 'version = 1' },
  reads: {
    anna: all,
    mona: all,
    ben: all,
    carla: all,
    agent: all,
    daemon: all,
    blueDaemon: all,
    nobody: [],
  },
  insert: () => `insert into coffee.price_versions (note) values ('mine')`,
  column: 'note',
});
