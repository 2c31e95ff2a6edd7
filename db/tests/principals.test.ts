import { describeTable } from './table-rules';

describeTable({
  table: 'priv.principals',
  rows: { ben: ({ ids }) => `id = '${ids.red.person}'` },
  reads: {},
  insert: () =>
    `insert into priv.principals (kind, login, name) values ('person', session_user, 'x')`,
  column: 'login',
});
