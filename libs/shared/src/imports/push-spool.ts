import type { Paths } from '../config/paths';
import type { MachineIdentity } from '../machines/identity';
import { exportRecords } from '../spool/export';
import { importStream, type StreamResult } from './import-stream';
import { findCursor, type Reporter } from './queries';

export interface PushOptions {
  paths: Paths;
  identity: MachineIdentity;
  programVersion: string;
  onProgress?: (records: number) => void;
}

export interface PushResult extends Pick<StreamResult, 'counts'> {
  /** The receiver's cursor is unknown here: everything was sent, and what is known was passed over. */
  anew: boolean;
}

const ROAD = 'direct';

/** Sends what the receiver does not have yet; its cursor moves with every batch. */
export async function pushSpool(reporter: Reporter, options: PushOptions): Promise<PushResult> {
  const { identity, onProgress } = options;
  const after = await findCursor(reporter, identity.machine_id, ROAD);
  const stream = exportRecords({ ...options, after });
  const result = await importStream(reporter, stream, { road: ROAD, moveCursor: true, onProgress });
  return { ...result, anew: result.header?.after_found === false };
}
