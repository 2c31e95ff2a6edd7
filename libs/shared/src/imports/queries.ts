import { sql } from 'kysely';
import type { Session } from '../db/session';
import type { MachineRecord, UsageRecord } from '../records/record';
import type { ImportCounts } from './import-counts';
import { usageColumns } from './usage-columns';

/** Records of one machine in one batch. */
export const MOST_RECORDS = 5_000;

/** Who reports: a login of its own, or the collector's with a machine's token. */
export type Reporter = (
  | { session: Session<'person' | 'daemon'>; token?: undefined }
  | { session: Session<'collector'>; token: string }
) & {
  /** Which database it is, as `placesOf` names it; texts of messages go nowhere without. */
  place?: string;
};

export interface Batch {
  machineId: string;
  /** What its people call it; taken when the machine is new. */
  label?: string | undefined;
  programVersion?: string | undefined;
  /** How it came: `direct`, `ssh`, `git:…`, `file`; 1 to 100 of a-z, 0-9 and `:._-`. */
  road: string;
  /** The id of the last record, moved with the rows; none: the road's cursor stays. */
  cursor?: string | undefined;
  /** At most 5,000, all of this machine, as parseLine gives them. */
  records: readonly MachineRecord[];
}

/**
 * Hands a batch to the one import, in a transaction of its own. Throws `not_allowed` for a wrong token and
 * a machine of somebody else; records that are wrong are refused one by one and counted.
 */
export async function importBatch(reporter: Reporter, batch: Batch): Promise<ImportCounts> {
  const usage = batch.records.filter((record): record is UsageRecord => record.type === 'usage');
  const others = batch.records.filter((record) => record.type !== 'usage');
  const columns = usageColumns(usage).map(
    ({ name, type, values }) => sql`${sql.ref(name)} => ${values}::${sql.raw(type)}[]`,
  );
  const about = {
    label: batch.label,
    program_version: batch.programVersion,
    road: batch.road,
    cursor: batch.cursor,
  };
  const { rows } = await sql<{ counts: ImportCounts }>`
    select coffee.import_records(
      p_token => ${reporter.token ?? null}, p_machine => ${batch.machineId},
      p_about => ${JSON.stringify(about)}::jsonb, p_others => ${JSON.stringify(others)}::json,
      ${sql.join(columns)}) as counts`.execute(reporter.session.db);
  return rows[0]!.counts;
}

/** The id of the last record that came by this road; undefined: none did. */
export async function findCursor(
  reporter: Reporter,
  machineId: string,
  road: string,
): Promise<string | undefined> {
  const { rows } = await sql<{ cursor: string | null }>`
    select coffee.machine_cursor(${reporter.token ?? null}, ${machineId}, ${road}) as cursor
  `.execute(reporter.session.db);
  return rows[0]!.cursor ?? undefined;
}

/** The machine whose records a token lets in. Throws `not_allowed` for what is none, or none any more. */
export async function machineOfToken(
  session: Session<'collector'>,
  token: string,
): Promise<string> {
  const { rows } = await sql<{ machine: string }>`
    select coffee.token_machine(${token}) as machine`.execute(session.db);
  return rows[0]!.machine;
}
