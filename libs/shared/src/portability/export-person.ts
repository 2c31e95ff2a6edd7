import type { Session } from '../db/session';
import {
  listReadableColumns,
  readOwnRows,
  withExportSnapshot,
  type ExportedColumn,
  type ExportedRow,
} from './queries';
import { EXPORTED } from './tables';

/** The format's number; docs/privacy.md describes it. */
export const FORMAT = 1;

export interface TableHeader {
  table: string;
  says: string;
  columns: ExportedColumn[];
}

/** Where an export goes: each table is begun, filled and ended, one after the other. */
export interface ExportTarget {
  begin(header: TableHeader): Promise<void>;
  rows(rows: ExportedRow[]): Promise<void>;
  end(): Promise<void>;
}

export interface ExportSummary {
  tables: { table: string; rows: number }[];
  rows: number;
}

/** Everything about the caller, as of one moment, in bounded memory. */
export async function exportPerson(
  person: Session<'person'>,
  target: ExportTarget,
  onProgress: (table: string, rows: number) => void = () => undefined,
): Promise<ExportSummary> {
  return withExportSnapshot(person, async (session) => {
    const tables: ExportSummary['tables'] = [];
    for (const one of EXPORTED) {
      const columns = await listReadableColumns(session, one.table);
      await target.begin({ table: one.table, says: one.says, columns });
      let count = 0;
      for await (const rows of readOwnRows(session, one, columns)) {
        await target.rows(rows);
        count += rows.length;
        onProgress(one.table, count);
      }
      await target.end();
      tables.push({ table: one.table, rows: count });
    }
    return { tables, rows: tables.reduce((sum, { rows }) => sum + rows, 0) };
  });
}
