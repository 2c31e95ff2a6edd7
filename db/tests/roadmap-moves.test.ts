import { describeTable } from './table-rules';

const all = ['the move to done'];

describeTable({
  table: 'coffee.roadmap_moves',
  rows: { 'the move to done': () => `verb = 'merge'` },
  reads: {
    anna: all,
    mona: all,
    ben: all,
    carla: all,
    agent: all,
    daemon: all,
    blueDaemon: all,
    slackbot: all,
    nobody: [],
  },
  insert: () => `insert into coffee.roadmap_moves values ('planned', 'done', 'accept', 'daemon')`,
  column: 'verb',
});
