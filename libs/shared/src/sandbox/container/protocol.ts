/** The messages between a daemon and the container in which its agent runs. */

/** The first on the daemon's one lasting connection; the answer is Opened or Refused. */
export interface Open {
  op: 'open';
  /** The daemon's id: names its folder, and two daemons of one name wait for each other. */
  name: string;
}

export interface Opened {
  op: 'opened';
  /** Where workspaces and homes lie, in the container. */
  root: string;
  /** Shown by the connections of this session's processes. */
  token: string;
}

/** On the lasting connection; the answer carries the same id. */
export interface Call {
  op: 'call';
  id: number;
  method: 'prepareFolder' | 'removeFolder' | 'listFolder' | 'findProgram' | 'end';
  args: unknown[];
}

export interface Answer {
  op: 'answer';
  id: number;
  result?: unknown;
  error?: string;
}

/** On the lasting connection, without an answer. */
export interface Signal {
  op: 'signal';
  process: string;
  signal: NodeJS.Signals;
}

/** The first on a connection of the process's own, which then carries its three streams. */
export interface Spawn {
  op: 'spawn';
  token: string;
  process: string;
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
}

/** What the container says of a process. `closed` comes after the last byte of its output. */
export type ProcessNews =
  | { op: 'started' }
  | { op: 'failed'; message: string }
  | { op: 'exit'; code: number | null; signal: NodeJS.Signals | null }
  | { op: 'closed'; code: number | null; signal: NodeJS.Signals | null };
