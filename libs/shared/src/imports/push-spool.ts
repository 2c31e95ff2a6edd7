import type { Paths } from '../config/paths';
import type { MachineIdentity } from '../machines/identity';
import { exportRecords } from '../spool/export';
import { addCounts, handedIn } from './import-counts';
import { importStream, type StreamResult } from './import-stream';
import { sendTexts } from '../texts/send';
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
  /** Of what was sent, how many were texts of messages. */
  texts: number;
  /** The receiver was made before there were texts: they go on waiting here. */
  textsKept: boolean;
}

const ROAD = 'direct';

/** Sends what the receiver does not have yet; its cursor moves with every batch. */
export async function pushSpool(reporter: Reporter, options: PushOptions): Promise<PushResult> {
  const { identity, onProgress } = options;
  const after = await findCursor(reporter, identity.machine_id, ROAD);
  const stream = exportRecords({ ...options, after });
  const result = await importStream(reporter, stream, { road: ROAD, moveCursor: true, onProgress });
  const texts = await sendTexts(options.paths, reporter.place, async (lines) => {
    const { label } = identity;
    return (await importStream(reporter, [lines], { road: ROAD, only: identity.machine_id, label }))
      .counts;
  });
  return {
    counts: addCounts(result.counts, texts.counts),
    anew: result.header?.after_found === false,
    texts: handedIn(texts.counts),
    textsKept: texts.kept,
  };
}
