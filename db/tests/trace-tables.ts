import { describeTable } from './table-rules';

/** The five tables of traces have the same rules; `noun` is in the ids of the seeded rows. */
export function describeTraceTable(table: string, noun: string, column: string): void {
  const red = [`the red ${noun}`];
  const blue = [`the blue ${noun}`];
  const more = table === 'coffee.scores' ? ['name', 'data_type', 'at'] : ['seen_at'];
  const values = table === 'coffee.scores' ? `'x', 'NUMERIC', now()` : 'now()';
  describeTable({
    table,
    rows: {
      [red[0]!]: () => `id = 'red ${noun}'`,
      [blue[0]!]: () => `id = 'blue ${noun}'`,
    },
    reads: {
      anna: red,
      mona: red,
      ben: red,
      carla: blue,
      daemon: red,
      blueDaemon: blue,
      nobody: [],
    },
    insert: ({ ids }) =>
      `insert into ${table} (project_id, id, stamp, ${more.join(', ')})
       values ('${ids.red.project}', 'mine', 0, ${values})`,
    column,
  });
}
