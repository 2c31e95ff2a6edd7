import { describeTable } from './table-rules';

for (const table of ['priv.migrations', 'priv.current_truth']) {
  describeTable({
    table,
    rows: { 'what was applied': () => `hash is not null` },
    reads: {},
    insert: () => `insert into ${table} (hash) values ('x')`,
    column: 'hash',
  });
}
