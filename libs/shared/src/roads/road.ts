import type { Paths } from '../config/paths';
import type { Session } from '../db/session';
import type { ImportCounts } from '../imports/import-counts';
import type { MachineIdentity } from '../machines/identity';

/** What every road is handed. */
export interface RoadRun {
  paths: Paths;
  identity: MachineIdentity;
  programVersion: string;
  /** Records sent or received so far, in this run. */
  onProgress?: (records: number) => void;
  signal?: AbortSignal | undefined;
}

/** The same where records come in. */
export interface RoadPull extends RoadRun {
  /** In one's own database. */
  session: Session<'person'>;
}

/**
 * What became of a run. `not_set_up` and `unreachable` let the next road have its turn in silence;
 * `failed` too, and is told. Reasons and hints are one line each, hold no secret, and may be shown.
 */
export type RoadOutcome =
  | {
      state: 'done';
      /** Records handed over to the other side, known there already or not. */
      sent: number;
      /** Of a push what the receiver said; of a pull what our own database said. */
      counts: ImportCounts;
      /** What somebody should know although it worked. */
      notes: string[];
    }
  | { state: 'not_set_up'; reason: string; hint: string }
  | { state: 'unreachable'; reason: string; hint: string }
  | { state: 'failed'; reason: string; hint: string };

/**
 * A way by which this machine's records travel. SSH is none: it only fetches, from several remotes at once,
 * and may have to ask somebody (remotes/). It throws for a fault of ours alone: what can go wrong is an outcome. */
export interface Road {
  /** `direct`, `http`, `git`, `gist`: as in the configured order and in the records of what was done. */
  readonly name: string;
  /** This machine's own records go out. Doing it again sends nothing twice into the books. */
  push(run: RoadRun): Promise<RoadOutcome>;
  /** Records of others come into the caller's database; absent where the road only sends. */
  pull?(run: RoadPull): Promise<RoadOutcome>;
}
