/** What the read functions for project keys give back. Times are ISO 8601 in UTC; money is nano-USD. */

export interface KeyedTrace {
  id: string;
  project_id: string;
  name: string | null;
  user_id: string | null;
  session_id: string | null;
  release: string | null;
  version: string | null;
  environment: string | null;
  public: boolean | null;
  tags: string[] | null;
  metadata: unknown;
  input: unknown;
  output: unknown;
  at: string;
  created_at: string;
  updated_at: string;
}

export interface KeyedObservation {
  id: string;
  project_id: string;
  trace_id: string | null;
  parent_id: string | null;
  type: string;
  name: string | null;
  level: string | null;
  status_message: string | null;
  version: string | null;
  environment: string | null;
  metadata: unknown;
  input: unknown;
  output: unknown;
  at: string;
  started_at: string | null;
  ended_at: string | null;
  completion_started_at: string | null;
  model: string | null;
  model_parameters: unknown;
  prompt_name: string | null;
  prompt_version: number | null;
  input_tokens: number | null;
  output_tokens: number | null;
  cache_read_tokens: number | null;
  cache_write_5m_tokens: number | null;
  cache_write_1h_tokens: number | null;
  cost_details: Record<string, number> | null;
  cost_nanos: number | null;
  created_at: string;
  updated_at: string;
}

export interface KeyedScore {
  id: string;
  trace_id: string | null;
  observation_id: string | null;
  session_id: string | null;
  name: string;
  data_type: string;
  value: number | null;
  string_value: string | null;
  comment: string | null;
  environment: string | null;
  metadata: unknown;
  at: string;
  created_at: string;
  updated_at: string;
}

export interface KeyedSession {
  id: string;
  at: string;
  environment: string | null;
}

export type KeyedTraceWithIds = KeyedTrace & {
  observation_ids: string[];
  score_ids: string[];
  cost_nanos: number | null;
};

export type KeyedTraceWhole = KeyedTrace & {
  observations: KeyedObservation[];
  scores: KeyedScore[];
};

/** Of each list, by its name. */
export interface KeyedRows {
  traces: KeyedTraceWithIds;
  sessions: KeyedSession;
  observations: KeyedObservation;
  scores: KeyedScore;
}
