import { describeTable } from './table-rules';

describeTable({
  table: 'priv.slack_codes',
  rows: { 'the code of ben': ({ ids }) => `person_id = '${ids.red.person}'` },
  reads: {},
  insert: ({ ids }) =>
    `insert into priv.slack_codes (person_id, code_hash, expires_at)
     values ('${ids.red.person}', sha256('x'), now() + interval '1 hour')`,
  column: 'expires_at',
});
