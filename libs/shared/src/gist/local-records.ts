import type { Paths } from '../config/paths';
import type { MachineIdentity } from '../machines/identity';
import { findRecord } from '../spool/find-record';
import { readLines, stretchesAfter } from '../spool/read';

/** What one machine has to give: never written to by whoever pushes it. */
export interface LocalRecords {
  readonly machineId: string;
  readonly label: string;
  /** `found` false: the cursor is unknown here, so all follows. Each line is good until the next. */
  after(cursor: string | null): { found: boolean; lines: Iterable<Buffer> };
}

/** This machine's spool. */
export function spoolRecords(paths: Paths, identity: MachineIdentity): LocalRecords {
  return {
    machineId: identity.machine_id,
    label: identity.label,
    after(cursor) {
      const position = cursor === null ? undefined : findRecord(paths, cursor);
      return {
        found: cursor === null || position !== undefined,
        lines: readLines(stretchesAfter(paths, position)),
      };
    },
  };
}
