import { describeTable } from './table-rules';

const asked = ['what the red daemon asked', 'what ben asked'];
const blue = ['what the blue daemon asked'];

describeTable({
  table: 'coffee.notifications',
  rows: {
    'what the red daemon asked': ({ ids }) => `id = ${ids.red.question}`,
    'what ben asked': ({ ids }) => `id = ${ids.bensQuestion}`,
    'what the blue daemon asked': ({ ids }) => `id = ${ids.blue.question}`,
  },
  reads: {
    anna: asked,
    mona: asked,
    ben: asked,
    carla: blue,
    agent: asked,
    daemon: ['what the red daemon asked'],
    blueDaemon: blue,
    slackbot: [...asked, ...blue],
    nobody: [],
  },
  insert: ({ ids }) =>
    `insert into coffee.notifications (project_id, kind, title, asked_by, asked_by_name, key_scope, state)
     values ('${ids.red.project}', 'info', 'x', '${ids.red.person}', 'ben', 'x', 'posted')`,
  column: 'answer',
});
