import type { AgentUsage } from '../agents/agent';
import { toAppError } from '../db/app-errors';
import type { Session } from '../db/session';
import { persist } from './persist';
import { recordStep, updateAttempt, type AttemptFacts, type Task } from './queries';

/** Writes what happens in an attempt, in order, without making the agent wait for it. */
export interface Recorder {
  step(kind: string, summary: string, detail?: unknown): void;
  facts(facts: AttemptFacts): void;
  usage(usage: AgentUsage): void;
  /** Resolves when all so far is in the database. */
  flush(): Promise<void>;
}

/** Costs of an earlier run of the same attempt, to which this run's totals are added. */
export type EarlierUsage = Required<
  Pick<
    AttemptFacts,
    'cost_usd' | 'input_tokens' | 'output_tokens' | 'cache_read_tokens' | 'cache_write_tokens'
  >
>;

/** More than this waiting is dropped: a flood must not fill our memory while the database is away. */
const MOST_WAITING = 2_000;

export function createRecorder(
  session: Session<'daemon'>,
  task: Task,
  options: {
    signal: AbortSignal;
    earlier: EarlierUsage;
    onLost: () => void;
    onError: (error: Error) => void;
  },
): Recorder {
  let last: Promise<void> = Promise.resolve();
  let waiting = 0;

  function enqueue(write: () => Promise<void>, droppable: boolean): void {
    if (droppable && waiting >= MOST_WAITING) return;
    waiting += 1;
    last = last
      .then(() => persist(write, options.signal))
      .catch((error: unknown) => {
        if (options.signal.aborted) return;
        const failure = toAppError(error);
        if (failure.code === 'lease_lost') options.onLost();
        else options.onError(failure);
      })
      .finally(() => {
        waiting -= 1;
      });
  }

  return {
    step(kind, summary, detail) {
      const text = summary.trim() === '' ? kind : clean(summary).slice(0, 2_000);
      enqueue(
        () => recordStep(session, task, { kind, summary: text, detail: bounded(detail) }),
        true,
      );
    },
    facts(facts) {
      enqueue(() => updateAttempt(session, task, facts), false);
    },
    usage(usage) {
      const { earlier } = options;
      enqueue(
        () =>
          updateAttempt(session, task, {
            cost_usd: earlier.cost_usd + usage.costUsd,
            input_tokens: earlier.input_tokens + usage.inputTokens,
            output_tokens: earlier.output_tokens + usage.outputTokens,
            cache_read_tokens: earlier.cache_read_tokens + usage.cacheReadTokens,
            cache_write_tokens: earlier.cache_write_tokens + usage.cacheWriteTokens,
          }),
        true,
      );
    },
    flush: () => last,
  };
}

/** Postgres has no NUL in text. */
function clean(text: string): string {
  return text.replaceAll('\0', '');
}

/** Details are for looking at, not for storing files: at most some 20 kB of JSON. */
function bounded(detail: unknown): unknown {
  if (detail === undefined) return undefined;
  const text = JSON.stringify(detail)?.replaceAll('\\u0000', '') ?? 'null';
  return text.length <= 20_000 ? (JSON.parse(text) as unknown) : { cut: text.slice(0, 20_000) };
}
