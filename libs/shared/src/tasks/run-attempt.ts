import path from 'node:path';
import type { Agent } from '../agents/agent';
import { toAppError } from '../db/app-errors';
import type { Session } from '../db/session';
import { branchName } from '../git/branch-name';
import { collectWork, type CollectedWork } from '../git/collect-work';
import type { Identity } from '../git/message';
import { prepareWorkspace } from '../git/prepare-workspace';
import { pushBranch } from '../git/push-branch';
import { forgetAttempt } from '../git/tidy-mirror';
import type { Sandbox } from '../sandbox/sandbox';
import type { Hints } from './hints';
import type { Hold } from './hold';
import { failpoint } from './failpoint';
import { persist } from './persist';
import { openRepository, type DaemonFolders, type ProjectRepository } from './project-repository';
import { buildPrompt } from './prompt';
import {
  budgetLeft,
  finishAttempt,
  getAssignment,
  hasStep,
  type Assignment,
  type AttemptFacts,
  type Task,
} from './queries';
import { createRecorder, type Recorder } from './recorder';
import { runAgent, type RunEnd } from './run-agent';

export interface AttemptContext {
  session: Session<'daemon'>;
  task: Task;
  folders: DaemonFolders & { workspaces: string; homes: string };
  identity: Identity;
  sandbox: Sandbox;
  hints: Hints;
  hold: Hold;
  agentFor: (project: Assignment['project'], agent: string) => Agent;
  /** Aborted when the lease is lost, a person stops it or the daemon stops. */
  signal: AbortSignal;
  onLost: () => void;
  onError: (error: Error) => void;
  onWaiting: (waiting: boolean) => void;
}

type Finish = Parameters<typeof finishAttempt>[2];

/**
 * Carries one attempt from wherever it stands to its outcome. Every step may be the last before a
 * kill: each is recorded after it happened, and doing it again changes nothing.
 */
export async function runAttempt(context: AttemptContext): Promise<Finish['outcome']> {
  const { session, task, signal } = context;
  const assignment = await persist(() => getAssignment(session, task), signal);
  const attempt = assignment.attempt!;
  const recorder = createRecorder(session, task, {
    signal,
    onLost: context.onLost,
    onError: context.onError,
    earlier: {
      cost_usd: Number(attempt.cost_usd),
      input_tokens: attempt.input_tokens,
      output_tokens: attempt.output_tokens,
      cache_read_tokens: attempt.cache_read_tokens,
      cache_write_tokens: attempt.cache_write_tokens,
    },
  });
  recorder.step(
    task.takenOver ? 'take_over' : 'claim',
    task.takenOver
      ? `${session.me.name} goes on where it was left`
      : `${session.me.name} takes attempt ${attempt.attempt}`,
  );
  const workspace = path.join(context.folders.workspaces, `attempt-${attempt.id}`);
  const end = await work(context, assignment, recorder, workspace).catch(
    (error: unknown): Finish => {
      signal.throwIfAborted();
      const failure = toAppError(error);
      if (failure.code === 'lease_lost') throw failure;
      return { outcome: 'failed', reason: [failure.message, failure.hint].join(' ').trim() };
    },
  );
  await recorder.flush();
  signal.throwIfAborted();
  await persist(() => finishAttempt(session, task, end), signal);
  failpoint('finished');
  await context.sandbox.removeFolder(workspace);
  return end.outcome;
}

async function work(
  context: AttemptContext,
  assignment: Assignment,
  recorder: Recorder,
  workspace: string,
): Promise<Finish> {
  const { session, folders, identity, sandbox, signal } = context;
  const { item, attempt } = assignment;
  const id = String(attempt!.id);
  const branch = attempt!.branch ?? branchName(item.number, item.title);
  recorder.facts({ branch });
  const repository = await openRepository(session, folders, assignment);
  const { mirror, fetched } = repository;
  const tip = fetched.branches[branch] ?? null;
  if (attempt!.commit_hash !== null && tip === attempt!.commit_hash) {
    return { outcome: 'review', reason: 'the work had been pushed already' };
  }

  const prepared = await prepareWorkspace({
    mirror,
    workspace,
    sandbox,
    identity,
    attempt: id,
    branch,
    base: fetched.defaultBranch,
  });
  recorder.facts({ base_commit: prepared.base });
  recorder.step('prepare', prepared.kept ? `goes on in its clone` : `a clone on ${branch}`, {
    start: prepared.start,
    base: prepared.base,
    conflicts: prepared.conflicts,
  });

  failpoint('prepared');

  // The agent's own end is recorded: a kill between it and the push does not run it again.
  const agentDone =
    prepared.kept && (await persist(() => hasStep(session, attempt!.id, 'agent_done'), signal));
  let said = '';
  if (!agentDone) {
    const ran = await letAgentWork(context, assignment, recorder, workspace, prepared.conflicts);
    if ('outcome' in ran) return ran;
    said = ran.summary;
    recorder.facts({ last_output: said.slice(-20_000) });
    recorder.step('agent_done', said);
    await recorder.flush();
    failpoint('agent_done');
  }

  const collected = await collectWork({
    workspace,
    sandbox,
    mirror,
    attempt: id,
    branch,
    identity,
    message: `Priority ${item.number}: ${item.title}`,
    trailers: [
      ['Roadmap-Item', item.number],
      ['Roadmap-Attempt', String(attempt!.attempt)],
    ],
  });
  failpoint('committed');
  if (!collected.progressed) {
    return { outcome: 'no_change', reason: 'the agent ended without a change' };
  }
  if (collected.unresolved.length > 0) {
    const files = collected.unresolved.join(', ');
    return { outcome: 'failed', reason: `conflict markers are left in ${files}` };
  }
  recorder.step('commit', collected.commits[0]?.subject ?? collected.commit, collected.diffStat);
  const facts = factsOf(collected);
  recorder.facts(facts);
  await recorder.flush();
  failpoint('commit_recorded');
  return push(repository, { branch, tip, collected, facts, said, recorder, attempt: id });
}

async function letAgentWork(
  context: AttemptContext,
  assignment: Assignment,
  recorder: Recorder,
  workspace: string,
  conflicts: string[],
): Promise<Finish | { summary: string }> {
  const { session, task, folders, sandbox, signal } = context;
  const attempt = assignment.attempt!;
  const budgetUsd = await persist(() => budgetLeft(session, assignment.item.id), signal);
  if (budgetUsd === 0) return { outcome: 'over_budget', reason: 'the budget is spent' };
  const home = path.join(folders.homes, assignment.project.id);
  await sandbox.prepareFolder(home);
  const agent = context.agentFor(assignment.project, attempt.agent);
  recorder.step('agent', `${agent.name} begins`);
  const end = await runAgent(
    { ...context, assignment, recorder, agent },
    {
      workspace,
      home,
      prompt: buildPrompt(assignment, conflicts),
      resume: task.takenOver,
      budgetUsd,
    },
  );
  await recorder.flush();
  return end.kind === 'finished' ? { summary: end.summary } : failureOf(end);
}

function failureOf(end: Exclude<RunEnd, { kind: 'finished' }>): Finish {
  switch (end.kind) {
    case 'failed':
      return { outcome: 'failed', reason: end.reason, facts: { last_output: end.lastOutput } };
    case 'over_budget':
      return {
        outcome: 'over_budget',
        reason: 'the agent reached its budget',
        facts: { last_output: end.lastOutput },
      };
    case 'timed_out':
      return { outcome: 'timed_out', reason: `ended after ${end.minutes} minutes of work` };
    case 'stopped':
      return { outcome: 'failed', reason: 'the agent was ended from outside' };
  }
}

function factsOf(collected: CollectedWork): AttemptFacts {
  return {
    commit_hash: collected.commit,
    base_commit: collected.base,
    diff_stat: { ...collected.diffStat, commits: collected.commits },
  };
}

async function push(
  repository: ProjectRepository,
  made: {
    branch: string;
    tip: string | null;
    collected: CollectedWork;
    facts: AttemptFacts;
    said: string;
    recorder: Recorder;
    attempt: string;
  },
): Promise<Finish> {
  const { mirror, url, credential } = repository;
  const outcome = await pushBranch({
    mirror,
    url,
    credential,
    branch: made.branch,
    commit: made.collected.commit,
    expected: made.tip,
  });
  failpoint('pushed');
  if (outcome.kind === 'moved') {
    return {
      outcome: 'failed',
      reason: `somebody else pushed to ${made.branch}`,
      facts: made.facts,
    };
  }
  if (outcome.kind === 'refused') {
    return {
      outcome: 'failed',
      reason: `the push was refused: ${outcome.reason}`,
      facts: made.facts,
    };
  }
  made.recorder.step('push', made.branch, { commit: made.collected.commit });
  await forgetAttempt({ mirror, attempt: made.attempt });
  return { outcome: 'review', reason: made.said, facts: made.facts };
}
