import type { SourceRecord } from './source-records';

/** The version of the record format that this build writes; a reader refuses a newer one by name. */
export const RECORD_VERSION = 1;

/**
 * What every record has: one JSON object per line, keys in snake_case, flat.
 * `id` is `{machine uuid}:{source}:{type}:{timestamp}:{discriminator}`, made where the record was born;
 * `at` is that timestamp, UTC with milliseconds and a Z. Times compare as text. A field that is null may
 * be left out of the line; whoever reads it puts the null back. docs/records.md has every limit.
 */
interface RecordBase {
  readonly v: typeof RECORD_VERSION;
  readonly id: string;
  readonly at: string;
}

/**
 * One API message with its final numbers; a later record of the same message revises an earlier one.
 * Tokens are whole numbers ≥ 0. Discriminator: message id, '/' and request id, or the line's uuid where
 * there is no message id.
 */
export interface UsageRecord extends RecordBase {
  readonly type: 'usage';
  readonly source: 'claude';
  readonly message_id: string | null;
  readonly request_id: string | null;
  readonly line_uuid: string | null;
  readonly session_id: string | null;
  readonly agent_id: string | null;
  readonly is_sidechain: boolean;
  readonly model: string | null;
  readonly speed: 'standard' | 'fast' | null;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_read_tokens: number;
  readonly cache_write_5m_tokens: number;
  readonly cache_write_1h_tokens: number;
  /** USD as the log itself gives it, as decimal text; null where it does not. */
  readonly logged_cost_usd: string | null;
  readonly folder: string | null;
  readonly git_branch: string | null;
  readonly version: string | null;
}

/**
 * The patterns that one assistant message matched, by name, sorted; a message that matched none has no
 * record. The set grows by union over the message's lines. Discriminator: message id, or line uuid.
 */
export interface PhrasesRecord extends RecordBase {
  readonly type: 'phrases';
  readonly source: 'claude';
  readonly message_id: string | null;
  readonly line_uuid: string | null;
  readonly session_id: string | null;
  readonly patterns: readonly string[];
}

/**
 * What a person wrote to an agent, or the agent answered, one line of the transcript; made only where its
 * person has turned that on, and never part of the spool. Secrets are masked. Discriminator: the line's uuid.
 */
export interface MessageTextRecord extends RecordBase {
  readonly type: 'message_text';
  readonly source: 'claude';
  readonly role: 'user' | 'assistant';
  readonly message_id: string | null;
  readonly line_uuid: string;
  readonly session_id: string | null;
  /** 1 to 8,000 UTF-16 units; of control characters line feeds and tabs alone. */
  readonly text: string;
}

interface ActivityBase extends RecordBase {
  readonly source:
    | 'remote.tmux'
    | 'remote.agent'
    | 'remote.git'
    | 'local.window'
    | 'local.afk'
    | 'local.browser'
    | 'manual';
  readonly folder: string | null;
  readonly session_id: string | null;
}

/** A person wrote to an agent. No text, only when. Discriminator: the line's uuid. */
export interface UserMessageRecord extends ActivityBase {
  readonly type: 'user_message';
}

/** An agent used a tool. Discriminator: the tool use's id. */
export interface AgentToolUseRecord extends ActivityBase {
  readonly type: 'agent_tool_use';
  readonly tool: string;
}

/**
 * An agent's session began or was last seen; a later `ended` of the same session revises an earlier one.
 * `session_id` of a sub-agent is `agent-` and its id. Discriminator: session id, ':' and the action.
 */
export interface AgentSessionRecord extends ActivityBase {
  readonly type: 'agent_session';
  readonly action: 'started' | 'ended';
  readonly session_type: 'user' | 'subagent' | 'agent';
  readonly parent_session_id: string | null;
  readonly git_branch: string | null;
}

/** What a machine reports, one line each, by whatever road. */
export type MachineRecord = UsageRecord | PhrasesRecord | MessageTextRecord | ActivityRecord;

/** Every record that working time is made of. */
export type ActivityRecord =
  UserMessageRecord | AgentToolUseRecord | AgentSessionRecord | SourceRecord;
