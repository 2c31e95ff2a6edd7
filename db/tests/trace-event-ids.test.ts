import { describeTable } from './table-rules';

describeTable({
  table: 'coffee.trace_event_ids',
  rows: { 'a red event': () => `event = md5('red trace')::uuid` },
  reads: {},
  insert: ({ ids }) =>
    `insert into coffee.trace_event_ids (project_id, event) values ('${ids.red.project}', gen_random_uuid())`,
  column: 'received_at',
});
