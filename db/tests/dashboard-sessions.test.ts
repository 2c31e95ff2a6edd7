import { describeTable } from './table-rules';

describeTable({
  table: 'coffee.dashboard_sessions',
  rows: {
    'where ben is signed in': ({ ids }) => `person_id = '${ids.red.person}'`,
    'where carla is signed in': ({ ids }) => `person_id = '${ids.blue.person}'`,
  },
  reads: {
    anna: [],
    mona: [],
    ben: ['where ben is signed in'],
    carla: ['where carla is signed in'],
    nobody: [],
  },
  insert: ({ ids }) =>
    `insert into coffee.dashboard_sessions (person_id, token_hash, expires_at)
     values ('${ids.red.person}', sha256('x'), now() + interval '1 hour')`,
  column: 'expires_at',
});
