import { describeTable } from './table-rules';

const team = ['the red project'];
const both = ['the red project', 'the blue project'];

describeTable({
  table: 'coffee.projects',
  rows: {
    'the red project': ({ ids }) => `id = '${ids.red.project}'`,
    'the blue project': ({ ids }) => `id = '${ids.blue.project}'`,
  },
  reads: {
    anna: team,
    mona: team,
    ben: team,
    carla: ['the blue project'],
    agent: team,
    daemon: team,
    blueDaemon: ['the blue project'],
    slackbot: both,
    nobody: [],
  },
  insert: ({ ids }) =>
    `insert into coffee.projects (team_id, name, repository) values ('${ids.red.team}', 'x', '/x')`,
  column: 'name',
});
