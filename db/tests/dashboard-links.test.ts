import { describeTable } from './table-rules';

describeTable({
  table: 'priv.dashboard_links',
  rows: { 'the link of ben': ({ ids }) => `person_id = '${ids.red.person}'` },
  reads: {},
  insert: ({ ids }) =>
    `insert into priv.dashboard_links (person_id, code_hash, expires_at)
     values ('${ids.red.person}', sha256('x'), now() + interval '1 hour')`,
  column: 'expires_at',
});
