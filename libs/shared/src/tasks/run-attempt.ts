import { existsSync } from 'node:fs';
import path from 'node:path';
import { toAppError } from '../db/app-errors';
import { forgetAttempt } from '../git/tidy-mirror';
import type { Attempt, AttemptContext, Finish } from './attempt';
import { doWork } from './do-work';
import { failpoint } from './failpoint';
import { persist } from './persist';
import { mirrorOf } from './project-repository';
import { finishAttempt, type Assignment } from './queries';
import { createRecorder, type Recorder } from './recorder';
import { traceAttempt } from './trace-attempt';

/**
 * Carries one attempt from wherever it stands to its outcome. Every step may be the last before a
 * kill: each is recorded after it happened, and doing it again changes nothing. Throws `lease_lost`,
 * `agent_missing`, and the signal's reason when that aborts; the attempt then stays open.
 */
export async function runAttempt(context: AttemptContext, assignment: Assignment): Promise<Finish> {
  const { session, task, signal, traceContent: content, onError } = context;
  const attempt = assignment.attempt!;
  const recorder = startRecording(context, assignment);
  recorder.step(
    task.takenOver ? 'take_over' : 'claim',
    task.takenOver
      ? `${session.me.name} goes on where it was left`
      : `${session.me.name} takes attempt ${attempt.attempt}`,
  );
  const workspace = path.join(context.folders.workspaces, `attempt-${attempt.id}`);
  const trace = traceAttempt(session, task, assignment, {
    ...{ folder: context.folders.traces, content, signal, onError },
  });
  const end = await endOf(context, { assignment, recorder, trace, workspace });
  trace.end(end.outcome, end.reason);
  await Promise.all([recorder.flush(), trace.flush()]);
  signal.throwIfAborted();
  const item = await persist(() => finishAttempt(session, task, end), signal);
  failpoint('finished');
  // The attempt goes on another day, in its clone.
  if (end.outcome === 'over_budget' && item.state === 'planned') return end;
  await context.sandbox.removeFolder(workspace);
  const mirror = mirrorOf(context.folders, assignment.project);
  if (existsSync(mirror)) await forgetAttempt({ mirror, attempt: String(attempt.id) });
  return end;
}

/** What goes wrong with the work is an outcome of it; what goes wrong with us is not. */
async function endOf(context: AttemptContext, made: Attempt): Promise<Finish> {
  try {
    return await doWork(context, made);
  } catch (error) {
    context.signal.throwIfAborted();
    const failure = toAppError(error);
    if (failure.code === 'lease_lost' || failure.code === 'agent_missing') throw failure;
    return { outcome: 'failed', reason: [failure.message, failure.hint].join(' ').trim() };
  }
}

function startRecording(context: AttemptContext, { attempt }: Assignment): Recorder {
  const { session, task, signal, onLost, onError } = context;
  return createRecorder(session, task, {
    ...{ signal, onLost, onError },
    earlier: {
      cost_usd: Number(attempt!.cost_usd),
      input_tokens: attempt!.input_tokens,
      output_tokens: attempt!.output_tokens,
      cache_read_tokens: attempt!.cache_read_tokens,
      cache_write_tokens: attempt!.cache_write_tokens,
    },
  });
}
