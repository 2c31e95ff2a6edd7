import type { Attempt, Step } from '@coffee-roadmap/shared/roadmap/queries';

export interface Changes {
  files: number;
  insertions: number;
  deletions: number;
}

/** What the daemon wrote about the changed files; undefined for anything else. */
export function changesOf({ diff_stat }: Pick<Attempt, 'diff_stat'>): Changes | undefined {
  const stat = diff_stat as Partial<Record<keyof Changes, unknown>> | null;
  const { files, insertions, deletions } = stat ?? {};
  if (typeof files !== 'number' || typeof insertions !== 'number') return undefined;
  return { files, insertions, deletions: typeof deletions === 'number' ? deletions : 0 };
}

/** An attempt as --json shows it. */
export function attemptDocument(attempt: Attempt): object {
  return {
    attempt: attempt.attempt,
    agent: attempt.agent,
    session_id: attempt.session_id,
    started_at: attempt.started_at,
    ended_at: attempt.ended_at,
    worked_s: attempt.worked_s,
    outcome: attempt.outcome,
    reason: attempt.reason,
    branch: attempt.branch,
    base_commit: attempt.base_commit,
    commit_hash: attempt.commit_hash,
    diff_stat: attempt.diff_stat,
    cost_usd: Number(attempt.cost_usd),
    cost_as_reported: attempt.as_reported,
    input_tokens: attempt.input_tokens,
    output_tokens: attempt.output_tokens,
    cache_read_tokens: attempt.cache_read_tokens,
    cache_write_tokens: attempt.cache_write_tokens,
    takeovers: attempt.takeovers,
    last_output: attempt.last_output,
  };
}

export function stepDocument({ step, at, kind, summary, detail }: Step): object {
  return { step, at, kind, summary, detail };
}
