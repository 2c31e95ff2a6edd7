import type { AgentUsage } from '../agent';
import { NO_TOKENS, type TracedCall } from '../trace';

/** Programs say totals; a call is what came on top of the last ones. Their sum is the total again. */
export function createUsageCalls(): (usage: AgentUsage) => TracedCall | undefined {
  let last: AgentUsage = {
    costUsd: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
  };
  return (usage) => {
    const more = (name: keyof Omit<AgentUsage, 'model'>): number =>
      Math.max(0, usage[name] - last[name]);
    const call: TracedCall = {
      model: usage.model,
      tokens: {
        ...NO_TOKENS,
        input: more('inputTokens'),
        output: more('outputTokens'),
        cacheRead: more('cacheReadTokens'),
        cacheWrite5m: more('cacheWriteTokens'),
      },
      costUsd: more('costUsd'),
    };
    last = {
      costUsd: Math.max(usage.costUsd, last.costUsd),
      inputTokens: Math.max(usage.inputTokens, last.inputTokens),
      outputTokens: Math.max(usage.outputTokens, last.outputTokens),
      cacheReadTokens: Math.max(usage.cacheReadTokens, last.cacheReadTokens),
      cacheWriteTokens: Math.max(usage.cacheWriteTokens, last.cacheWriteTokens),
    };
    const isNothing =
      call.costUsd === 0 && Object.values(call.tokens).every((count) => count === 0);
    return isNothing ? undefined : call;
  };
}
