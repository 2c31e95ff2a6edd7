import { createHash } from 'node:crypto';
import type { AgentQuestion } from './agent';

/**
 * Names questions by what they ask, so that a restarted run finds the answer to what it asks again.
 * Only a question that one run really asks twice gets a number.
 */
export function createQuestionKeys(): (kind: AgentQuestion['kind'], content: unknown) => string {
  const seen = new Map<string, number>();
  return (kind, content) => {
    const hash = createHash('sha256').update(stableJson(content)).digest('hex').slice(0, 32);
    const key = `${kind}:${hash}`;
    const times = (seen.get(key) ?? 0) + 1;
    seen.set(key, times);
    return times === 1 ? key : `${key}:${times}`;
  };
}

/** The same text whatever order an object's keys came in. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}
