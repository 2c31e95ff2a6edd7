import { describeTable } from './table-rules';

describeTable({
  table: 'coffee.people',
  rows: {
    'red people': () => `name in ('anna', 'mona', 'ben')`,
    'blue people': () => `name = 'carla'`,
  },
  reads: {
    anna: ['red people'],
    mona: ['red people'],
    ben: ['red people'],
    carla: ['blue people'],
    nobody: [],
  },
  insert: () => `insert into coffee.people (id, name) values (gen_random_uuid(), 'x')`,
  column: 'name',
});
