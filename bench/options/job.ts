import type { Place, SqlitePlace } from './place';

export const ROLES = ['daemon', 'slackbot', 'cli', 'dashboard'] as const;
export type RoleName = (typeof ROLES)[number];

/** What one process is to do; travels to it as JSON. */
export type Job =
  | { kind: 'work'; name: string; ms: number; roles: { role: RoleName; place: Place }[] }
  | { kind: 'sync'; from: SqlitePlace; to: SqlitePlace }
  | { kind: 'victim'; name: string; place: Place };

/** What one process did. Milliseconds. */
export interface Deeds {
  /** How long each write took that was acknowledged. */
  writes: number[];
  /** From a write to the moment at which the other side had read it. */
  seen: number[];
  reads: number[];
  /** Writes given up because others held the file. */
  busy: number;
  begun: string[];
  finished: string[];
  answered: [id: number, answer: string][];
}

export const noDeeds = (): Deeds => ({
  ...{ writes: [], seen: [], reads: [], busy: 0 },
  ...{ begun: [], finished: [], answered: [] },
});
