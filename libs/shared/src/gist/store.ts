/** A file as it was when the remote was read. */
export interface StoredFile {
  bytes: number;
  read(): Promise<Buffer>;
}

/** All files of a remote at one version; `version` null: there is nothing yet. */
export interface Snapshot {
  version: string | null;
  files: ReadonlyMap<string, StoredFile>;
}

/** An earlier state of a remote. `at` is UTC. */
export interface Revision {
  version: string;
  at: string;
}

/** By name what it becomes; null removes it. */
export type Changes = ReadonlyMap<string, Buffer | null>;

/**
 * Files that several machines share. `swap` changes them only where they are still what `expected` was
 * read as, and gives how they are then; `moved` says that somebody else was faster: read again and see. Over a place that cannot
 * compare (the gist's API) our files may be there nevertheless, and others' may have to be put right:
 * whoever plans from what is read, does both. Throws `not_reachable` where another try may help.
 */
export interface CompareAndSwapStore {
  readonly kind: 'memory' | 'git' | 'gist';
  /** Files hold text alone. */
  readonly textOnly: boolean;
  /** Old versions are named in files of ours, once a day. */
  readonly dailySnapshots: boolean;
  read(): Promise<Snapshot>;
  swap(expected: Snapshot, changes: Changes, message: string): Promise<Snapshot | 'moved'>;
  /** Newest first. */
  history(): Promise<Revision[]>;
  readAt(version: string): Promise<Snapshot>;
}
