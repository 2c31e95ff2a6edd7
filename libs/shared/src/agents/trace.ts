/** What an agent's run leaves for its trace, as the adapters see it happen. */

export type AgentTrace = { kind: 'call'; call: TracedCall } | { kind: 'tool'; tool: TracedTool };

/** One answer of the model. Said again with the same `messageId`, it says more of the same answer. */
export interface TracedCall {
  /** The provider's; undefined where the agent does not say it: each is then another call. */
  messageId?: string;
  requestId?: string;
  model?: string;
  /** The id of the tool use in which a sub-agent made it. */
  within?: string;
  tokens: CallTokens;
  /** USD, where the agent says it of this call. */
  costUsd?: number;
  /** Priced higher, answered sooner. */
  fast?: boolean;
  /** What is new since the call before it in the same conversation. */
  input?: unknown;
  output?: unknown;
  startedAt?: Date;
  /** When the answer began to arrive. */
  answeringAt?: Date;
  endedAt?: Date;
}

export interface CallTokens {
  /** Neither read from nor written to a cache. */
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
}

/** The use of a tool: said when it begins, and again with the same id when it ends. */
export interface TracedTool {
  /** Undefined where the agent does not say when it ends. */
  id?: string;
  name?: string;
  within?: string;
  /** True where the tool is an agent of its own. */
  isAgent?: boolean;
  input?: unknown;
  output?: unknown;
  failed?: boolean;
  startedAt?: Date;
  endedAt?: Date;
}

export const NO_TOKENS: CallTokens = {
  input: 0,
  output: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
};
