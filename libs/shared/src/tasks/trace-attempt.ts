import { toAppError } from '../db/app-errors';
import { messageOf } from '../errors';
import type { Session } from '../db/session';
import { createAttemptTrace, type AttemptTrace } from '../traces/attempt-trace';
import type { TraceContent } from '../traces/content';
import { listJournals, openJournal, type Journal } from '../traces/journal';
import { createLangfuseClient } from '../traces/langfuse-client';
import { readLangfuseBatch } from '../traces/langfuse-batch';
import { createOutbox } from '../traces/outbox';
import { ingestLeftTraces, ingestTraces } from '../traces/queries';
import { withStableId } from '../traces/stable-id';
import type { Assignment, Task } from './queries';

/** A start waits no longer for what an earlier process left; the next one tries again. */
const PATIENCE_MS = 10_000;

export interface RunningTrace extends AttemptTrace {
  /** Resolves when all so far is in the database. */
  flush(): Promise<void>;
}

/** The trace of a claimed attempt, written with the daemon's own login. */
export function traceAttempt(
  session: Session<'daemon'>,
  task: Task,
  { item, attempt }: Assignment,
  options: {
    folder: string;
    content: TraceContent;
    signal: AbortSignal;
    onError: (error: Error) => void;
  },
): RunningTrace {
  const { id, attempt: number, started_at: startedAt, agent } = attempt!;
  const outbox = createOutbox({
    ...journalsOf(options.folder, id),
    // Taken over, the agent's last calls still cost what they cost.
    store: (events) =>
      ingestTraces(session, id, events).catch((error: unknown) => {
        if (toAppError(error).code !== 'not_found') throw error;
        return ingestLeftTraces(session, id, events);
      }),
    signal: options.signal,
    onError: (error) => options.onError(new Error(`its trace: ${messageOf(error)}`)),
  });
  const langfuse = createLangfuseClient(
    (body) => outbox.add(readLangfuseBatch(body, options.content).events.map(withStableId)),
    'coffee-roadmap',
  );
  const trace = createAttemptTrace(
    langfuse,
    {
      ...{ id, attempt: number, startedAt, agent, fence: task.fence },
      ...{ priority: item.number, title: item.title, daemon: session.me.name },
    },
    options.content,
  );
  return {
    ...trace,
    async flush() {
      await langfuse.shutdownAsync();
      await outbox.flush();
    },
  };
}

function journalsOf(folder: string, id: number | string): { journal: Journal; refused: Journal } {
  return {
    journal: openJournal(folder, `attempt-${id}`),
    refused: openJournal(folder, `refused-attempt-${id}`),
  };
}

/** Sends on what a killed daemon had no time to: whoever goes on with its attempts may be elsewhere. */
export async function sendLeftTraces(
  session: Session<'daemon'>,
  folder: string,
  onError: (error: Error) => void,
): Promise<void> {
  for (const name of listJournals(folder)) {
    const [, id] = /^attempt-(\d{1,15})$/.exec(name) ?? [];
    if (id === undefined) continue;
    const outbox = createOutbox({
      ...journalsOf(folder, id),
      store: (events) => ingestLeftTraces(session, id, events),
      signal: AbortSignal.timeout(PATIENCE_MS),
      onError: (error) => onError(new Error(`the trace of attempt ${id}: ${error.message}`)),
    });
    await outbox.flush();
  }
}
