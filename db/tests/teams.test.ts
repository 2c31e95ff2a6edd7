import { describeTable } from './table-rules';

describeTable({
  table: 'coffee.teams',
  rows: {
    'the red team': ({ ids }) => `id = '${ids.red.team}'`,
    'the blue team': ({ ids }) => `id = '${ids.blue.team}'`,
  },
  reads: {
    anna: ['the red team'],
    mona: ['the red team'],
    ben: ['the red team'],
    carla: ['the blue team'],
    agent: ['the red team'],
    slackbot: ['the red team', 'the blue team'],
    nobody: [],
  },
  insert: () => `insert into coffee.teams (name) values ('x')`,
  column: 'name',
});
