/** Files of one side; two of these may be one file. */
export interface SqlitePlace {
  kind: 'sqlite';
  analytics: string;
  notifications: string;
  /** What only the daemon needs. */
  inner: string;
}

/** One login of the shared server. */
export interface PostgresPlace {
  kind: 'postgres';
  url: string;
  role: 'daemon' | 'person' | 'slackbot';
  projectId: string;
  /** The daemon's own. */
  attemptId?: number;
}

/** One of the two logins of the predecessor's sketch. */
export interface PlainPlace {
  kind: 'plain';
  url: string;
  role: 'daemon' | 'person';
}

export type Place = SqlitePlace | PostgresPlace | PlainPlace;

/** The four of the predecessor's design document, and its sketch of the third beside ours. */
export const OPTIONS = {
  A: 'shared SQLite files',
  B: 'two sets of SQLite files, copied one way',
  C: 'one Postgres, our functions, roles and row-level security',
  D: 'shared SQLite files, an own one for the daemon',
  P: 'one Postgres, bare tables and two policies',
} as const;

export type OptionName = keyof typeof OPTIONS;
