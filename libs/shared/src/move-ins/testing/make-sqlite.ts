import { rmSync } from 'node:fs';
import { loadDriver } from '../files/sqlite';

/** Makes a database of an older system from its schema; rows by table, column by column. */
export function makeSqlite(
  file: string,
  schema: string,
  rows: Record<string, readonly Record<string, unknown>[]>,
): void {
  rmSync(file, { force: true });
  const Database = loadDriver();
  const database = new Database(file);
  database.exec(schema);
  database.exec('begin');
  for (const [table, all] of Object.entries(rows))
    for (const row of all) {
      const names = Object.keys(row);
      const places = names.map(() => '?').join();
      database
        .prepare(`insert into "${table}" (${names.join()}) values (${places})`)
        .run(...Object.values(row));
    }
  database.exec('commit');
  database.close();
}
