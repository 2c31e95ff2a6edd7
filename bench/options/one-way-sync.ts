import { openDatabase } from './driver';
import type { SqlitePlace } from './place';

/** Ten times as often as the predecessor's design says. */
export const SYNC_EVERY_MS = 1_000;

export interface Sync {
  /** Copies what is new on the daemon's side; returns how many rows. */
  copy(): number;
  close(): void;
}

const TABLES = [
  ['analytics', 'traces'],
  ['analytics', 'generations'],
  ['notifications', 'notifications'],
] as const;

/**
 * The predecessor's copy of new records, run on the people's side. Kinder than the design: the cursor is
 * the number of the row, where its clock loses what is written while it copies.
 */
export function openOneWaySync(from: SqlitePlace, to: SqlitePlace): Sync {
  const ends = TABLES.map(([file, table]) => {
    const source = openDatabase(from[file]);
    const target = openDatabase(to[file]);
    const columns = source
      .prepare(`pragma table_info(${table})`)
      .all()
      .map(({ name }) => String(name));
    return {
      source,
      target,
      columns,
      cursor: 0,
      read: source.prepare(
        `select rowid as row_number, * from ${table} where rowid > ? order by rowid`,
      ),
      write: target.prepare(
        `insert or ignore into ${table} (${columns.join()}) values (${columns.map(() => '?').join()})`,
      ),
    };
  });
  return {
    copy() {
      let count = 0;
      for (const end of ends) {
        const rows = end.read.all(end.cursor);
        if (rows.length === 0) continue;
        end.target.exec('begin immediate');
        for (const row of rows) end.write.run(...end.columns.map((name) => row[name]));
        end.target.exec('commit');
        end.cursor = Number(rows.at(-1)!.row_number);
        count += rows.length;
      }
      return count;
    },
    close() {
      for (const { source, target } of ends) {
        source.close();
        target.close();
      }
    },
  };
}
