import { isClaudeLine } from './line-shape';

/** The lines of `--output-format stream-json` that concern us; every field may be missing. */

export interface ContentBlock {
  type?: string;
  id?: string;
  text?: string;
  name?: string;
  input?: Record<string, unknown>;
  /** Of a tool's result. */
  tool_use_id?: string;
  content?: unknown;
  is_error?: boolean;
}

export interface TokenCounts {
  input_tokens?: number;
  output_tokens?: number;
  cache_read_input_tokens?: number;
  cache_creation_input_tokens?: number;
  cache_creation?: { ephemeral_5m_input_tokens?: number; ephemeral_1h_input_tokens?: number };
  speed?: string;
}

export interface ClaudeMessage {
  id?: string;
  model?: string;
  content?: ContentBlock[];
  usage?: TokenCounts;
}

export interface ModelUsage {
  inputTokens?: number;
  outputTokens?: number;
  cacheReadInputTokens?: number;
  cacheCreationInputTokens?: number;
  costUSD?: number;
}

export interface StreamEvent {
  type?: string;
  message?: { id?: string; model?: string; usage?: TokenCounts };
  usage?: TokenCounts;
}

export interface PermissionUpdate {
  type?: string;
  behavior?: string;
  destination?: string;
  rules?: { toolName?: string; ruleContent?: string }[];
  directories?: string[];
}

export interface ToolRequest {
  subtype?: string;
  tool_name?: string;
  input?: Record<string, unknown>;
  description?: string;
  decision_reason?: string;
  permission_suggestions?: PermissionUpdate[];
  /** Of `mcp_message`. */
  server_name?: string;
  message?: unknown;
}

export interface ControlResponse {
  subtype?: string;
  request_id?: string;
  response?: { session?: { total_cost_usd?: number; model_usage?: Record<string, ModelUsage> } };
}

export interface ClaudeLine {
  type?: string;
  subtype?: string;
  message?: ClaudeMessage;
  /** Undefined or null in the main conversation. */
  parent_tool_use_id?: string | null;
  /** Since the request, at the beginning of the answer. */
  ttft_ms?: number;
  event?: StreamEvent;
  request_id?: string;
  request?: ToolRequest;
  response?: ControlResponse;
  is_error?: boolean;
  result?: string;
  errors?: string[];
  total_cost_usd?: number;
  modelUsage?: Record<string, ModelUsage>;
  model?: string;
  claude_code_version?: string;
  attempt?: number;
  max_retries?: number;
  /** HTTP status; null where there was no answer at all. */
  error_status?: number | null;
  error?: string;
}

export function parseClaudeLine(line: string): ClaudeLine | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isClaudeLine(value) ? (value as ClaudeLine) : undefined;
  } catch {
    return undefined;
  }
}
