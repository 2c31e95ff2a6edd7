/** What a coding agent is to the daemon. One implementation per file in this folder. */
import type { ToolServer } from '../agent-tools/tool-server';
import type { Sandbox } from '../sandbox/sandbox';
import type { AgentTrace } from './trace';

export interface AgentTask {
  /** Stable over restarts: questions and permissions are keyed on it. */
  attemptId: string;
  /** The agent's own clone, already on the right branch. */
  workspace: string;
  prompt: string;
  /** UUID, chosen before the first start, so that a killed run can be resumed. */
  sessionId: string;
  /** True when an earlier run of the same attempt may have got somewhere. */
  resume: boolean;
  /** The agent's HOME; survives restarts, holds its sessions and its own credentials. */
  home: string;
  /** What may still be spent on this run, in USD; undefined: no limit. */
  budgetUsd?: number;
  model?: string;
}

export interface AgentQuestion {
  /** Unique within the attempt and the same after a restart: never asked twice. */
  key: string;
  kind: 'question' | 'permission';
  title: string;
  message: string;
  options: { label: string; description?: string }[];
  /** Several options may be chosen; the answer is then their labels joined by ", ". */
  multiple: boolean;
  freeText: boolean;
  /** Seconds until `defaultAnswer` is taken. Without it the agent waits for ever. */
  timeoutS?: number;
  defaultAnswer?: string;
}

export interface AgentUsage {
  /** Totals of this run so far, as the agent reports them; USD and tokens. */
  costUsd: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  model?: string;
}

/** One answer of the model, with its final numbers; the same id as in the agent's transcript. */
export interface AgentCall {
  messageId: string;
  model: string;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
}

export type AgentEvent =
  | { type: 'step'; kind: 'message' | 'tool' | 'progress'; summary: string; detail?: unknown }
  | { type: 'usage'; usage: AgentUsage; call?: AgentCall }
  | { type: 'trace'; trace: AgentTrace }
  /** Any sign of life that is worth nothing else. */
  | { type: 'alive' };

export type AgentOutcome =
  | { kind: 'finished'; summary: string }
  /** `lastOutput`: at most 4,000 characters of what it said last. */
  | { kind: 'failed'; reason: string; lastOutput: string }
  | { kind: 'over_budget'; lastOutput: string }
  | { kind: 'stopped' };

/** The daemon's side of a running agent. */
export interface AgentHost {
  onEvent(event: AgentEvent): void;
  /**
   * Resolves when a person has answered; may take for ever. Rejects when the run is stopped, or `signal` says
   * that nobody waits any more: the question stays, and is the same when it is asked again.
   */
  ask(
    question: AgentQuestion,
    signal?: AbortSignal,
  ): Promise<{ answer: string; answeredBy: string | null }>;
  /** What the agent may call beside that, where it knows how to: for one run. */
  createTools?(): ToolServer;
}

export interface AgentRun {
  readonly outcome: Promise<AgentOutcome>;
  /** Freezes the agent where it is (the database is away, somebody pressed pause). Idempotent. */
  hold(): void;
  release(): void;
  /** Ends it; resolves when no process of it is left. */
  stop(): Promise<void>;
}

export interface AgentCheck {
  available: boolean;
  /** One line: what was found, or what is missing. */
  reason: string;
  /** What to do next, when not available. */
  hint?: string;
}

export interface Agent {
  readonly name: string;
  /** With a sandbox, the program is really run there; without, only looked for. */
  check(sandbox?: Sandbox): Promise<AgentCheck>;
  start(task: AgentTask, host: AgentHost, sandbox: Sandbox): Promise<AgentRun>;
}
