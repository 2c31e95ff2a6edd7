import type { Session } from '../db/session';
import { moveAbsolutelyRight } from './absolutelyright/move-days';
import { moveCcu } from './ccu/move-calls';
import type { Tally } from './tally';
import { moveTt } from './tt/move-time';

export interface MoveSource {
  /** A file or folder of the older system. */
  path: string;
  /** The machine of rows that do not say theirs: its label, an earlier one, or its id. */
  machine?: string | undefined;
}

export interface MoveContext extends MoveSource {
  /** In the transaction of the move. */
  session: Session<'person'>;
  tally: Tally;
  /** Rows read so far. */
  onProgress?: ((rows: number) => void) | undefined;
  signal?: AbortSignal | undefined;
}

/** Hands everything in a source to the import; reads it only. Throws `invalid_input` for what it is not. */
export type Mover = (context: MoveContext) => Promise<void>;

/** The older systems, and what their rows become. */
export const KINDS = {
  absolutelyright: { mover: moveAbsolutelyRight, of: 'counts.db, /api/by-workstation or a backup' },
  ccu: { mover: moveCcu, of: 'usage_history_*.db, or a folder of its gist' },
  tt: { mover: moveTt, of: 'tt.db, an events.jsonl, or the folder of both' },
} as const satisfies Record<string, { mover: Mover; of: string }>;

export type MoveKind = keyof typeof KINDS;
