import { sql } from 'kysely';
import type { Session } from '../db/session';
import type { PersonTable } from './tables';

/** Rows that are fetched at once. */
const PAGE = 500;

export interface ExportedColumn {
  name: string;
  type: string;
  comment: string | null;
}

export interface ExportedRow {
  /** The row as one line of JSON, numbers exactly as in the database. */
  json: string;
  /** The same as texts, in the order of the columns; null for null. */
  cells: (string | null)[];
}

/** Everything that `work` reads is of one moment, however slowly it is written. */
export async function withExportSnapshot<T>(
  session: Session<'person'>,
  work: (session: Session<'person'>) => Promise<T>,
): Promise<T> {
  return session.db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute(async (db) => {
      await sql`set local idle_in_transaction_session_timeout = '1h'`.execute(db);
      return work({ ...session, db });
    });
}

/** Those columns of a table that the caller may read, in their order. */
export async function listReadableColumns(
  session: Session<'person'>,
  table: string,
): Promise<ExportedColumn[]> {
  const { rows } = await sql<ExportedColumn>`
    select a.attname::text as name, format_type(a.atttypid, a.atttypmod) as type,
      col_description(a.attrelid, a.attnum) as comment
    from pg_attribute a
    where a.attrelid = ${table}::regclass and a.attnum > 0 and not a.attisdropped
      and has_column_privilege(a.attrelid, a.attnum, 'select')
    order by a.attnum`.execute(session.db);
  return rows;
}

/** The caller's rows of a table, page by page: memory holds one. Inside of `withExportSnapshot`. */
export async function* readOwnRows(
  session: Session<'person'>,
  { table, columns }: PersonTable,
  readable: ExportedColumn[],
): AsyncGenerator<ExportedRow[], undefined> {
  const list = sql.join(readable.map(({ name }) => sql.ref(`t.${name}`)));
  const mine = sql.join(columns.map((column) => sql.ref(`t.${column}`)));
  await sql`declare own_rows no scroll cursor for
    select row_to_json(r)::text as json,
      array(select c.value from json_each_text(row_to_json(r)) with ordinality c order by c.ordinality) as cells
    from (select ${list} from ${sql.table(table)} t where ${sql.lit(session.me.id)}::uuid in (${mine})) r`.execute(
    session.db,
  );
  for (;;) {
    const { rows } = await sql<ExportedRow>`fetch ${sql.lit(PAGE)} from own_rows`.execute(
      session.db,
    );
    if (rows.length > 0) yield rows;
    if (rows.length < PAGE) break;
  }
  await sql`close own_rows`.execute(session.db);
}

/** Erases the caller's detail and ends the login; how many rows went. `name`: the caller's own. */
export async function eraseMe(session: Session<'person'>, name: string): Promise<number> {
  const { rows } = await sql<{ n: number }>`select coffee.erase_me(${name}) as n`.execute(
    session.db,
  );
  return rows[0]!.n;
}
