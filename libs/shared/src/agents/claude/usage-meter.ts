/** What a run has cost so far, in the program's own figures. */
import type { AgentCall, AgentHost, AgentUsage } from '../agent';
import { tokenCount } from './call-tokens';
import type { Conversation } from '../program-run';
import type { ControlResponse, ModelUsage, StreamEvent, TokenCounts } from './messages';

export interface UsageMeter {
  /** Follows the answers of the model; the stream's last count of each is the final one. */
  stream(event: StreamEvent): void;
  /** True if it was the answer to our own question. */
  reply(response: ControlResponse): boolean;
  /** The result's totals. */
  total(costUsd: number | undefined, models: Record<string, ModelUsage> | undefined): void;
}

/** The program may ask its server for limits when it is asked for costs, so not after every answer. */
const ASK_EVERY_MS = 10_000;

export function createUsageMeter(
  onEvent: AgentHost['onEvent'],
  say: Conversation['say'],
  now: () => number = Date.now,
): UsageMeter {
  let usage: AgentUsage = {
    costUsd: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
  };
  let open: { id: string; model: string; counts: TokenCounts } | undefined;
  let askedAt = -Infinity;
  let asked = 0;

  function report(call?: AgentCall): void {
    onEvent({ type: 'usage', usage: { ...usage }, ...(call ? { call } : {}) });
  }
  function askTotals(): void {
    if (now() - askedAt < ASK_EVERY_MS) return;
    askedAt = now();
    asked += 1;
    say({
      type: 'control_request',
      request_id: `usage-${asked}`,
      request: { subtype: 'get_usage' },
    });
  }
  function total(
    costUsd: number | undefined,
    models: Record<string, ModelUsage> | undefined,
  ): void {
    const all = Object.values(models ?? {});
    const sum = (name: keyof ModelUsage): number =>
      all.reduce((so, model) => so + (tokenCount((model as ModelUsage | null)?.[name]) ?? 0), 0);
    const first = Object.keys(models ?? {})[0];
    usage = {
      costUsd: costUsd ?? usage.costUsd,
      inputTokens: sum('inputTokens'),
      outputTokens: sum('outputTokens'),
      cacheReadTokens: sum('cacheReadInputTokens'),
      cacheWriteTokens: sum('cacheCreationInputTokens'),
      ...(first === undefined ? {} : { model: first }),
    };
    report();
  }

  return {
    stream({ type, message, usage: counts }) {
      if (type === 'message_start') {
        open = message?.id
          ? { id: message.id, model: message.model ?? '', counts: message.usage ?? {} }
          : undefined;
      } else if (type === 'message_delta' && open !== undefined) {
        open.counts = { ...open.counts, ...counts };
      } else if (type === 'message_stop' && open !== undefined) {
        report(callOf(open));
        open = undefined;
        askTotals();
      }
    },
    reply({ subtype, request_id, response }) {
      if (request_id?.startsWith('usage-') !== true) return false;
      const session = response?.session;
      if (subtype === 'success' && session) total(session.total_cost_usd, session.model_usage);
      // A version that does not know the question is not asked again.
      else askedAt = Infinity;
      return true;
    },
    total,
  };
}

function callOf({
  id,
  model,
  counts,
}: {
  id: string;
  model: string;
  counts: TokenCounts;
}): AgentCall {
  return {
    messageId: id,
    model,
    inputTokens: tokenCount(counts.input_tokens) ?? 0,
    outputTokens: tokenCount(counts.output_tokens) ?? 0,
    cacheReadTokens: tokenCount(counts.cache_read_input_tokens) ?? 0,
    cacheWriteTokens: tokenCount(counts.cache_creation_input_tokens) ?? 0,
  };
}
