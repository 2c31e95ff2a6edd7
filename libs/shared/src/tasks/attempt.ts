import type { Agent } from '../agents/agent';
import type { Session } from '../db/session';
import type { Identity } from '../git/message';
import type { Sandbox } from '../sandbox/sandbox';
import type { TraceContent } from '../traces/content';
import type { Hints } from './hints';
import type { Hold } from './hold';
import type { DaemonFolders } from './project-repository';
import type { Assignment, finishAttempt, Task } from './queries';
import type { Recorder } from './recorder';
import type { RunningTrace } from './trace-attempt';

/** What an attempt needs of the daemon that makes it. */
export interface AttemptContext {
  session: Session<'daemon'>;
  task: Task;
  folders: DaemonFolders & { workspaces: string; homes: string; traces: string };
  /** How much of what is said is kept in traces. */
  traceContent: TraceContent;
  identity: Identity;
  sandbox: Sandbox;
  hints: Hints;
  hold: Hold;
  agentFor: (project: Assignment['project'], agent: string) => Agent;
  /** Aborted when the lease is lost, a person stops it or the daemon stops. */
  signal: AbortSignal;
  /** Pauses while a repository is away; the first one, they grow to twelve times that. */
  retryMs: number;
  /** How long a minute of the agent's time is: 60,000, but in tests. */
  minuteMs: number;
  onLost: () => void;
  onError: (error: Error) => void;
  /** Whether it waits for a person now; called at every change. */
  onWaiting: (waiting: boolean) => void;
  /** What it waits for that no person of the team can be asked about; null: for nothing. */
  onHindered: (why: string | null) => void;
}

/** One attempt on its way: what it is about, and what is written down of it. */
export interface Attempt {
  assignment: Assignment;
  recorder: Recorder;
  trace: RunningTrace;
  workspace: string;
}

export type Finish = Parameters<typeof finishAttempt>[2];
