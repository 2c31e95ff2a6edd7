import { describeTable } from './table-rules';

describeTable({
  table: 'coffee.memberships',
  rows: {
    'the red memberships': ({ ids }) => `team_id = '${ids.red.team}'`,
    'the blue memberships': ({ ids }) => `team_id = '${ids.blue.team}'`,
  },
  reads: {
    anna: ['the red memberships'],
    mona: ['the red memberships'],
    ben: ['the red memberships'],
    carla: ['the blue memberships'],
    nobody: [],
  },
  insert: ({ ids }) =>
    `insert into coffee.memberships (team_id, member_id, role)
     values ('${ids.blue.team}', '${ids.red.person}', 'manager')`,
  column: 'role',
});
