import { branchName } from '../git/branch-name';
import { collectWork, type CollectedWork } from '../git/collect-work';
import { prepareWorkspace, type PreparedWorkspace } from '../git/prepare-workspace';
import { pushBranch } from '../git/push-branch';
import { letAgentWork } from './agent-turn';
import type { Attempt, AttemptContext, Finish } from './attempt';
import { failpoint } from './failpoint';
import { patiently } from './patience';
import { persist } from './persist';
import { openRepository, type ProjectRepository } from './project-repository';
import { hasStep, type AttemptFacts } from './queries';

/** Clone, agent, commit, push: goes on from wherever the attempt stands. */
export async function doWork(context: AttemptContext, made: Attempt): Promise<Finish> {
  const { session } = context;
  const { assignment, recorder } = made;
  const { item } = assignment;
  const attempt = assignment.attempt!;
  const branch = attempt.branch ?? branchName(item.number, item.title);
  recorder.facts({ branch });
  const repository = await reach(context, made, () =>
    openRepository(session, context.folders, assignment),
  );
  const tip = repository.fetched.branches[branch] ?? null;
  if (attempt.commit_hash !== null && tip === attempt.commit_hash) {
    return { outcome: 'review', reason: attempt.last_output ?? 'the work had been pushed already' };
  }

  const prepared = await prepare(context, made, repository, branch);
  failpoint('prepared');
  const said = await agentsTurn(context, made, prepared);
  if (typeof said !== 'string') return said;

  const collected = await collect(context, made, repository, branch);
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
  // Written with our fence just now: whoever lost the lease does not get as far as the push.
  context.signal.throwIfAborted();
  failpoint('commit_recorded');
  const refusal = await reach(context, made, () =>
    push(repository, { branch, tip, commit: collected.commit }),
  );
  if (refusal !== null) return { outcome: 'failed', reason: refusal, facts };
  recorder.step('push', branch, { commit: collected.commit });
  return { outcome: 'review', reason: said, facts };
}

/** Waits for a repository that is away, and says so once. */
function reach<T>(
  context: AttemptContext,
  { assignment, recorder }: Attempt,
  work: () => Promise<T>,
): Promise<T> {
  const { signal, retryMs, onHindered } = context;
  return patiently(work, {
    signal,
    retryMs,
    onAway({ message }) {
      const why = `${assignment.project.name} cannot be reached, trying again: ${message}`;
      recorder.step('waits', why);
      onHindered(why);
    },
    onBack: () => onHindered(null),
  });
}

async function prepare(
  { identity, sandbox }: AttemptContext,
  { assignment, recorder, workspace }: Attempt,
  { mirror, fetched }: ProjectRepository,
  branch: string,
): Promise<PreparedWorkspace> {
  const attempt = String(assignment.attempt!.id);
  const base = fetched.defaultBranch;
  const prepared = await prepareWorkspace({
    ...{ mirror, workspace, sandbox, identity, attempt, branch, base },
  });
  recorder.facts({ base_commit: prepared.base });
  recorder.step('prepare', prepared.kept ? `goes on in its clone` : `a clone on ${branch}`, {
    start: prepared.start,
    base: prepared.base,
    conflicts: prepared.conflicts,
  });
  return prepared;
}

/** The agent's own end is recorded: a kill between it and the push does not run it again. */
async function agentsTurn(
  context: AttemptContext,
  made: Attempt,
  prepared: PreparedWorkspace,
): Promise<Finish | string> {
  const { session, signal } = context;
  const { recorder } = made;
  const attempt = made.assignment.attempt!;
  const done = await persist(() => hasStep(session, attempt.id, 'agent_done'), signal);
  if (prepared.kept && done) return attempt.last_output ?? '';
  const ran = await letAgentWork(context, made, prepared.conflicts);
  if ('outcome' in ran) return ran;
  recorder.facts({ last_output: ran.summary.slice(-20_000) });
  recorder.step('agent_done', ran.summary);
  await recorder.flush();
  signal.throwIfAborted();
  failpoint('agent_done');
  return ran.summary;
}

function collect(
  { sandbox, identity }: AttemptContext,
  { assignment, workspace }: Attempt,
  { mirror }: ProjectRepository,
  branch: string,
): Promise<CollectedWork> {
  const { item } = assignment;
  const attempt = assignment.attempt!;
  return collectWork({
    ...{ workspace, sandbox, mirror, branch, identity },
    attempt: String(attempt.id),
    message: `Priority ${item.number}: ${item.title}`,
    trailers: [
      ['Roadmap-Item', item.number],
      ['Roadmap-Attempt', String(attempt.attempt)],
    ],
  });
}

function factsOf(collected: CollectedWork): AttemptFacts {
  return {
    commit_hash: collected.commit,
    base_commit: collected.base,
    diff_stat: { ...collected.diffStat, commits: collected.commits },
  };
}

/** Why not, in words for people; null when it is there. */
async function push(
  { mirror, url, credential }: ProjectRepository,
  { branch, tip, commit }: { branch: string; tip: string | null; commit: string },
): Promise<string | null> {
  const outcome = await pushBranch({ mirror, url, credential, branch, commit, expected: tip });
  failpoint('pushed');
  if (outcome.kind === 'moved') return `somebody else pushed to ${branch}`;
  return outcome.kind === 'refused' ? `the push was refused: ${outcome.reason}` : null;
}
