import { rmSync } from 'node:fs';
import { loadDriver, type Statement } from '../files/sqlite';

/**
 * Makes a database of an older system from its schema; rows by table, column by column. Of many rows, say
 * a generator's, no more than one is kept at a time.
 */
export function makeSqlite(
  file: string,
  schema: string,
  rows: Record<string, Iterable<Record<string, unknown>>>,
): void {
  rmSync(file, { force: true });
  const Database = loadDriver();
  const database = new Database(file);
  database.exec(schema);
  database.exec('begin');
  for (const [table, all] of Object.entries(rows)) {
    const prepared = new Map<string, Statement>();
    for (const row of all) {
      const columns = Object.keys(row);
      const names = columns.join();
      const statement =
        prepared.get(names) ??
        database.prepare(
          `insert into "${table}" (${names}) values (${columns.map(() => '?').join()})`,
        );
      prepared.set(names, statement);
      statement.run(...Object.values(row));
    }
  }
  database.exec('commit');
  database.close();
}
