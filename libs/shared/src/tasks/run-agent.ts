import type { Agent, AgentOutcome, AgentQuestion, AgentRun } from '../agents/agent';
import { messageOf } from '../errors';
import { askAndWait } from '../questions/wait-for-answer';
import type { Sandbox } from '../sandbox/sandbox';
import type { Session } from '../db/session';
import { createAttemptTools } from './attempt-tools';
import type { Hints } from './hints';
import type { Hold } from './hold';
import type { Assignment, Task } from './queries';
import type { Recorder } from './recorder';
import type { RunningTrace } from './trace-attempt';

export interface AgentContext {
  session: Session<'daemon'>;
  task: Task;
  assignment: Assignment;
  agent: Agent;
  sandbox: Sandbox;
  hints: Hints;
  hold: Hold;
  recorder: Recorder;
  trace: RunningTrace;
  /** Aborted when the lease is lost, a person stops it or the daemon stops. */
  signal: AbortSignal;
  /** Whether it waits for a person now; called at every change. */
  onWaiting: (waiting: boolean) => void;
  /** How long a minute of the agent's time is: 60,000, but in tests. */
  minuteMs: number;
}

export interface AgentStart {
  workspace: string;
  home: string;
  prompt: string;
  resume: boolean;
  budgetUsd: number | undefined;
}

export type RunEnd =
  | AgentOutcome
  /** `lastOutput`: the last steps that it took. */
  | { kind: 'timed_out'; minutes: number; lastOutput: string };

/** The agent's clock ticks once a second. */
const TICKS = 60;
/** Seconds between the writings of what it shows: a kill gives the agent no more than these. */
const WRITTEN_S = 5;
const LAST_STEPS = 10;

/** Runs the agent to its end. Rejects with the signal's reason when aborted, after the agent ended. */
export async function runAgent(context: AgentContext, start: AgentStart): Promise<RunEnd> {
  const { assignment, recorder, trace, signal, hold } = context;
  const attempt = assignment.attempt!;
  const { attempt_minutes: minutes } = assignment.project;
  // The attempt's whole time, whoever ran it before.
  let workedS = attempt.worked_s;
  if (workedS >= minutes * TICKS) return { kind: 'timed_out', minutes, lastOutput: '' };
  const ended = new AbortController();
  let waiting = 0;
  let lastSteps: string[] = [];

  const ask = async (question: AgentQuestion, nobodyWaits?: AbortSignal) => {
    waiting += 1;
    if (waiting === 1) context.onWaiting(true);
    trace.asked(question);
    recorder.step('question', question.title, { key: question.key, options: question.options });
    try {
      const given = await askAndWait(
        context.session,
        context.hints,
        toNotification(context, question),
        AbortSignal.any([signal, ended.signal, ...(nobodyWaits ? [nobodyWaits] : [])]),
      );
      trace.answered(question, given.answer, given.answeredBy);
      recorder.step('answer', given.answer, { question: question.title, by: given.answeredBy });
      return given;
    } finally {
      waiting -= 1;
      if (waiting === 0) context.onWaiting(false);
    }
  };

  trace.begin(start.prompt);
  const run: AgentRun = await context.agent.start(
    {
      attemptId: String(attempt.id),
      workspace: start.workspace,
      home: start.home,
      prompt: start.prompt,
      sessionId: attempt.session_id,
      resume: start.resume,
      budgetUsd: start.budgetUsd,
      model: assignment.project.agent_model ?? undefined,
    },
    {
      onEvent(event) {
        if (event.type === 'step') {
          recorder.step(event.kind, event.summary, event.detail);
          lastSteps = [...lastSteps.slice(1 - LAST_STEPS), event.summary];
        }
        if (event.type === 'usage') recorder.usage(event.usage);
        if (event.type === 'trace') trace.tell(event.trace);
      },
      ask,
      createTools: () =>
        createAttemptTools({
          ...{ session: context.session, assignment, ask },
          progress: (summary, details) =>
            recorder.step('progress', summary, details === '' ? undefined : { details }),
        }),
    },
    context.sandbox,
  );

  // That it could not be ended is told by the stop at the end.
  const stop = (): void => void run.stop().catch(() => undefined);
  const unfollow = hold.follow((held) => (held ? run.hold() : run.release()));
  let timedOut = false;
  // Time that it waits for a person, or is frozen, is not its own.
  const clock = setInterval(() => {
    if (waiting > 0 || hold.held || timedOut) return;
    workedS += 1;
    if (workedS % WRITTEN_S === 0) recorder.facts({ worked_s: workedS });
    if (workedS < minutes * TICKS) return;
    timedOut = true;
    stop();
  }, context.minuteMs / TICKS);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    const outcome = await run.outcome;
    signal.throwIfAborted();
    if (!timedOut) return outcome;
    return { kind: 'timed_out', minutes, lastOutput: lastSteps.join('\n') };
  } catch (error) {
    signal.throwIfAborted();
    return { kind: 'failed', reason: messageOf(error), lastOutput: '' };
  } finally {
    clearInterval(clock);
    recorder.facts({ worked_s: workedS });
    unfollow();
    ended.abort(new Error('the agent has ended'));
    signal.removeEventListener('abort', stop);
    await run.stop();
  }
}

function toNotification({ assignment }: AgentContext, question: AgentQuestion) {
  const { item, project, attempt } = assignment;
  return {
    projectId: project.id,
    itemId: item.id,
    attemptId: attempt!.id,
    key: `attempt:${attempt!.id}:${question.key}`.slice(0, 200),
    title: oneLine(question.title),
    message: question.message.replaceAll('\0', '').slice(0, 20_000),
    priority: 'high' as const,
    options: question.options.map((option) => ({
      label: oneLine(option.label).slice(0, 200),
      description: option.description?.slice(0, 2_000),
    })),
    multiple: question.multiple,
    freeText: question.freeText,
    timeoutS: question.timeoutS,
    defaultAnswer: question.defaultAnswer,
    context: { kind: question.kind, priority: item.number },
  };
}

function oneLine(text: string): string {
  const line = text.replace(/\p{Cc}+/gu, ' ').trim();
  return (line === '' ? 'Question' : line).slice(0, 300);
}
