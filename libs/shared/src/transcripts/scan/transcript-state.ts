import type { Remembered } from './message-window';

/** What is known of the session that a file tells of. */
export interface SessionState {
  id: string;
  parent: string | null;
  folder: string | null;
  branch: string | null;
  /** Its last line that says a time. */
  last: string;
  /** The last end that was recorded. */
  ended?: string;
}

/** How far a file has been read, and what is needed to go on from there. */
export interface TranscriptState {
  /** Bytes; everything before is in the spool. */
  offset: number;
  /** Of the whole file, where all of its complete lines have been read: behind them one may be torn. */
  size?: number;
  /** Of the file then: to notice that it was replaced. */
  inode: number;
  modifiedMs: number;
  /** Checksum of its first `headLength` bytes, and of the last ones before `offset`. */
  head: string;
  headLength: number;
  tail: string;
  recent: Remembered[];
  session?: SessionState;
}
