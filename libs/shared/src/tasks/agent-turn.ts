import path from 'node:path';
import type { Attempt, AttemptContext, Finish } from './attempt';
import { persist } from './persist';
import { buildPrompt } from './prompt';
import { budgetLeft } from './queries';
import { runAgent, type RunEnd } from './run-agent';

/** Lets the agent work in the prepared clone; its summary, or how the attempt ends without one. */
export async function letAgentWork(
  context: AttemptContext,
  { assignment, recorder, trace, workspace }: Attempt,
  conflicts: string[],
): Promise<Finish | { summary: string }> {
  const { session, task, folders, sandbox, signal } = context;
  const attempt = assignment.attempt!;
  const budgetUsd = await persist(() => budgetLeft(session, assignment.item.id), signal);
  if (budgetUsd === 0) {
    return { outcome: 'over_budget', reason: 'nothing is left of the budget for it today' };
  }
  const home = path.join(folders.homes, assignment.project.id);
  await sandbox.prepareFolder(home);
  const agent = context.agentFor(assignment.project, attempt.agent);
  recorder.step('agent', `${agent.name} begins`);
  const end = await runAgent(
    { ...context, assignment, recorder, trace, agent },
    {
      workspace,
      home,
      prompt: buildPrompt(assignment, conflicts),
      resume: task.takenOver,
      budgetUsd,
    },
  );
  return end.kind === 'finished' ? { summary: end.summary } : failureOf(end, budgetUsd);
}

function failureOf(
  end: Exclude<RunEnd, { kind: 'finished' }>,
  budgetUsd: number | undefined,
): Finish {
  switch (end.kind) {
    case 'failed':
      return { outcome: 'failed', reason: end.reason, facts: { last_output: end.lastOutput } };
    case 'over_budget':
      return {
        outcome: 'over_budget',
        reason: `the agent used up what was left of the budget: ${budgetUsd} USD`,
        facts: { last_output: end.lastOutput },
      };
    case 'timed_out':
      return {
        outcome: 'timed_out',
        reason: `ended after ${end.minutes} minute${end.minutes === 1 ? '' : 's'} of work`,
        facts: { last_output: end.lastOutput },
      };
    case 'stopped':
      return { outcome: 'failed', reason: 'the agent was ended from outside' };
  }
}
