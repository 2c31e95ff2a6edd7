import type { AgentQuestion } from '../agents/agent';
import type { AgentTrace, TracedCall, TracedTool } from '../agents/trace';
import { cleanContent, type TraceContent } from './content';
import type { Langfuse } from './langfuse-client';
import { shortId } from './stable-id';

/** The trace of one attempt. Nothing here waits or throws; ids are the same after a takeover. */
export interface AttemptTrace {
  begin(prompt: string): void;
  tell(trace: AgentTrace): void;
  asked(question: AgentQuestion): void;
  answered(question: AgentQuestion, answer: string, by: string | null): void;
  end(outcome: string, reason: string | undefined): void;
}

export interface TracedAttempt {
  /** Of our database. */
  id: number;
  /** Which try of the priority it is. */
  attempt: number;
  startedAt: Date;
  /** As people number it: 12, or 3.1. */
  priority: string;
  title: string;
  agent: string;
  daemon: string;
  /** Told apart by it: runs of the attempt under one lease after another. */
  fence: number;
}

/** More than this of one run is no work of a coding agent; calls are counted on, because they cost. */
const MOST_TOOLS = 10_000;

export function createAttemptTrace(
  langfuse: Langfuse,
  attempt: TracedAttempt,
  content: TraceContent,
): AttemptTrace {
  const traceId = `attempt-${attempt.id}`;
  const idOf = (inner: string): string => `${traceId}:${shortId(inner)}`;
  const about = { id: traceId, timestamp: attempt.startedAt };
  const calls = new Map<string, ReturnType<Langfuse['generation']>>();
  const tools = new Map<string, ReturnType<Langfuse['span']>>();
  let unnamed = 0;
  let leftOut = 0;

  /** Cleaned before the client sees it, which would upload pictures somewhere. */
  const kept = (value: unknown): unknown => cleanContent(value, content);
  const nextId = (letter: string): string => `${letter}${attempt.fence}-${(unnamed += 1)}`;
  const parentOf = (within: string | undefined): { parentObservationId?: string } =>
    within === undefined ? {} : { parentObservationId: idOf(within) };

  function call(said: TracedCall): void {
    const id = idOf(said.messageId ?? nextId('c'));
    const known = calls.get(id);
    const body = {
      ...{ endTime: said.endedAt, completionStartTime: said.answeringAt, model: said.model },
      usageDetails: usageOf(said),
      ...(said.costUsd === undefined ? {} : { costDetails: { total: said.costUsd } }),
      ...(said.fast ? { fast: true } : {}),
      ...{ messageId: said.messageId, requestId: said.requestId, ...parentOf(said.within) },
      ...{ input: kept(said.input), output: kept(said.output) },
    };
    if (known !== undefined) return void known.update(body);
    const startTime = said.startedAt ?? said.endedAt ?? new Date();
    const name = said.model ?? 'model';
    calls.set(id, langfuse.generation({ id, traceId, name, startTime, ...body }));
  }

  function tool(said: TracedTool): void {
    const id = idOf(said.id ?? nextId('t'));
    const known = tools.get(id);
    const body = {
      ...{ endTime: said.endedAt, output: kept(said.output), input: kept(said.input) },
      ...(said.failed ? { level: 'ERROR' as const } : {}),
    };
    if (known !== undefined) {
      tools.delete(id);
      return void known.update(body);
    }
    // The end of one that an earlier run began says enough without its name.
    if (said.name === undefined) return;
    if (tools.size + leftOut >= MOST_TOOLS) return void (leftOut += 1);
    const kind = said.isAgent ? 'agent' : 'tool';
    const { name, startedAt: startTime, within } = said;
    const span = { id, traceId, name, startTime, kind, ...parentOf(within), ...body };
    const client = langfuse.span(span);
    if (said.endedAt === undefined) tools.set(id, client);
  }

  return {
    begin: (prompt) =>
      void langfuse.trace({
        ...about,
        name: `${attempt.priority}. ${attempt.title}`,
        sessionId: `priority-${attempt.priority}`,
        tags: [attempt.agent],
        metadata: {
          ...{ priority: attempt.priority, attempt: attempt.attempt },
          ...{ agent: attempt.agent, daemon: attempt.daemon },
        },
        input: kept(prompt),
      }),
    tell: (trace) => (trace.kind === 'call' ? call(trace.call) : tool(trace.tool)),
    asked({ key, kind, title, message, options }) {
      const id = idOf(`asked:${key}`);
      langfuse.event({ id, traceId, name: kind, input: kept({ title, message, options }) });
    },
    answered({ key, title }, answer, by) {
      const id = idOf(`answered:${key}`);
      const metadata = { by: by ?? 'nobody: the default was taken' };
      langfuse.event({
        id,
        traceId,
        name: 'answer',
        input: kept(title),
        output: kept(answer),
        metadata,
      });
    },
    end(outcome, reason) {
      langfuse.trace({ ...about, output: kept({ outcome, reason }) });
    },
  };
}

function usageOf({ tokens }: TracedCall): Record<string, number> {
  return {
    input: tokens.input,
    output: tokens.output,
    cache_read: tokens.cacheRead,
    cache_write_5m: tokens.cacheWrite5m,
    cache_write_1h: tokens.cacheWrite1h,
  };
}
