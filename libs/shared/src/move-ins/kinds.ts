import type { Session } from '../db/session';
import { moveAbsolutelyRight } from './absolutelyright/move-days';
import type { MachineIdentity } from '../machines/identity';
import { moveCcu } from './ccu/move-calls';
import { moveCoffeeMaker } from './coffee-maker/move-project';
import { moveFlowForge } from './flowforge/move-times';
import type { Tally } from './tally';
import { moveTt } from './tt/move-time';

export interface MoveSource {
  /** A file or folder of the older system. */
  path: string;
  /** The machine of rows that do not say theirs: its label, an earlier one, or its id. */
  machine?: string | undefined;
  /** What the older system calls whoever moves, where it keeps several people in one file. */
  user?: string | undefined;
  /** The account of this machine, and the machine itself, for rows that say neither. */
  account?: string | undefined;
  thisMachine?: MachineIdentity | undefined;
  /** What issues are called: `local`, or `github:us/shop`; by the repository's remote if not said. */
  issues?: string | undefined;
  /** Of times without a zone, and whose days are compared; this machine's if not said. */
  timezone?: string | undefined;
  /** Where to, of what is a team's. */
  projectId?: string | undefined;
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
  'coffee-maker': {
    mover: moveCoffeeMaker,
    of: 'its folder, one of its databases, or its ROADMAP.md',
    team: true,
  },
  tt: { mover: moveTt, of: 'tt.db, an events.jsonl, or the folder of both' },
  flowforge: { mover: moveFlowForge, of: 'a project’s folder, .task-times.json or SESSIONS.md' },
} as const satisfies Record<string, { mover: Mover; of: string; team?: boolean }>;

export type MoveKind = keyof typeof KINDS;
