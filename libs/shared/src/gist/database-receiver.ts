import { toAppError } from '../db/app-errors';
import type { Session } from '../db/session';
import { addCounts, NO_COUNTS, type ImportCounts } from '../imports/import-counts';
import { importStream } from '../imports/import-stream';
import { findCursor, importBatch } from '../imports/queries';
import type { ExportHeader } from '../records/export-frame';
import { RECORD_VERSION } from '../records/record';
import type { Delivery, Receiver } from './pull';

export interface DatabaseReceiver extends Receiver {
  counts(): ImportCounts;
}

/** A person's own database: every record goes through the one import, under the road's name. */
export function databaseReceiver(
  session: Session<'person'>,
  road: 'git' | 'gist',
  programVersion: string,
  onProgress?: (records: number) => void,
): DatabaseReceiver {
  let counts = NO_COUNTS;
  let before = 0;
  return {
    owner: session.me.id,
    counts: () => counts,
    cursorOf: async (machineId) => (await findCursor({ session }, machineId, road)) ?? null,
    async take(delivery) {
      let here = 0;
      const chunks = framed(delivery, programVersion);
      const result = await importStream({ session }, chunks, {
        road,
        only: delivery.machineId,
        onProgress: (records) => onProgress?.(before + (here = records)),
      });
      before += here;
      counts = addCounts(counts, result.counts);
    },
    async moveCursor(machineId, label, cursor) {
      await importBatch(
        { session },
        { machineId, label, programVersion, road, cursor, records: [] },
      );
    },
  };
}

/** Of one machine alone: records that say another are refused as forged. */
async function* framed(
  { machineId, label, pieces }: Delivery,
  programVersion: string,
): AsyncGenerator<Buffer> {
  const header: ExportHeader = {
    type: 'export_start',
    v: RECORD_VERSION,
    program: 'coffee-roadmap',
    program_version: programVersion,
    machine_id: machineId,
    label,
    after: null,
    after_found: true,
  };
  yield Buffer.from(`${JSON.stringify(header)}\n`);
  yield* pieces;
  yield Buffer.from(`${JSON.stringify({ type: 'export_end', records: 0, last_id: null })}\n`);
}

/** Why the database does not take a machine; undefined for what stops everything. */
export function judgeImport(error: unknown): string | undefined {
  const { code } = toAppError(error);
  return code === 'not_allowed' ? 'is somebody else’s machine here' : undefined;
}
