import { agentProcesses, isFrozen, isWorking } from '../../support/agent-processes';
import { helpfulPerson, type HelpfulPerson } from '../../support/helpful-person';
import { createStack, git, type Stack } from '../../support/stack';
import { until } from '../../support/until';

const WORKING = `select true as ok from coffee.attempt_steps where kind = 'progress'`;

describe('a person tells the daemon', () => {
  let stack: Stack;
  let repository: string;
  let ada: HelpfulPerson;
  beforeEach(async () => {
    stack = await createStack();
    repository = stack.repository('shop');
    ada = await helpfulPerson(stack);
  });
  afterEach(() => stack.close());

  it('to pause: the agent is frozen where it is and nothing is begun, until it may go on', async () => {
    const [slow] = await ada.plan(repository, [
      { title: 'Slow one', body: 'Slow: 9999' },
      { title: 'Next one' },
    ]);
    const daemon = await stack.daemon('worker', { parallel: '2', poll_s: '0.2', beat_s: '15' });
    await stack.until(WORKING);
    await stack.until(
      `select count(*) = 1 as ok from coffee.roadmap_items where state = 'in_review'`,
    );

    await ada.call('select coffee.pause_daemons(null, true)');
    // Sooner than its next report: by the hint.
    await until('the agent is frozen', () => isFrozen(daemon), 8_000);
    await stack.until(`select state = 'paused' as ok from coffee.daemon_status`);
    await ada.plan(repository, [{ title: 'Not yet' }]);
    const [{ beat } = { beat: '' }] = await stack.sql<{ beat: string }>(
      'select max(updated_at)::text as beat from daemon.task_queue',
    );
    // It polls, it keeps its lease, and takes nothing.
    await stack.until('select max(updated_at) > $1::timestamptz as ok from daemon.task_queue', [
      beat,
    ]);
    await stack.until('select max(updated_at) > $1::timestamptz as ok from daemon.task_queue', [
      beat,
    ]);
    expect(isFrozen(daemon)).toBe(true);
    expect(await statesOf(stack)).toEqual(['in_progress', 'in_review', 'planned']);

    await ada.call(`select coffee.pause_daemons('WORKER', false)`);
    await until('the agent works', () => isWorking(daemon));
    await ada.call('select coffee.stop_item($1)', slow);
    await ada.help();
    expect(await statesOf(stack)).toEqual(['blocked', 'done', 'done']);
  });

  it('to stop an item: its agent is gone at once, and a retry does it anew', async () => {
    const [item] = await ada.plan(repository, [{ title: 'Slow one', body: 'Slow: 9999' }]);
    // Only the hint can be quicker than the next beat of this lease.
    const daemon = await stack.daemon('worker', { lease_s: '600' });
    await stack.until(WORKING);
    await ada.call('select coffee.edit_item($1, null, null, $2)', item, 'Quick.');

    await ada.call('select coffee.stop_item($1)', item);
    await until('the agent is gone', () => agentProcesses(daemon).length === 0);
    await daemon.said(/the lease is gone/);
    expect(await statesOf(stack)).toEqual(['blocked']);
    expect(git(repository, 'branch', '--format=%(refname:short)')).toBe('main');

    await ada.call('select coffee.retry_item($1)', item);
    await ada.help();
    expect(await stack.sql('select outcome, reason from coffee.attempts order by id')).toEqual([
      { outcome: 'stopped', reason: 'stopped by ada' },
      { outcome: 'review', reason: 'Wrote docs/slow-one.md.' },
    ]);
  });

  it('to stop an item that it is paused over', async () => {
    const [item] = await ada.plan(repository, [{ title: 'Slow one', body: 'Slow: 9999' }]);
    const daemon = await stack.daemon('worker');
    await stack.until(WORKING);
    await ada.call('select coffee.pause_daemons(null, true)');
    await until('the agent is frozen', () => isFrozen(daemon));
    await ada.call('select coffee.stop_item($1)', item);
    await until('the agent is gone', () => agentProcesses(daemon).length === 0, 1_000);
  });

  it('what is wrong with its work: the comment reaches the next attempt', async () => {
    const [item] = await ada.plan(repository, [{ title: 'Note the task' }], {
      agent: 'command',
      agent_command: ['sh', '-c', 'head -n 1 >> tasks.jsonl'],
    });
    await stack.daemon('worker');
    await stack.until(`select state = 'in_review' as ok from coffee.roadmap_items`);
    await ada.call('select coffee.reopen_item($1, $2)', item, 'Please name the "colours".');
    await stack.until(
      `select count(*) = 2 and bool_and(outcome = 'review') as ok from coffee.attempts`,
    );
    await ada.help();

    const prompts = git(repository, 'show', 'main:tasks.jsonl')
      .split('\n')
      .map((line) => (JSON.parse(line) as { prompt: string }).prompt);
    expect(prompts).toHaveLength(2);
    expect(prompts[0]).not.toContain('colours');
    expect(prompts[1]).toContain(
      '# What a person said about the last attempt\n\nPlease name the "colours".',
    );
  });
});

async function statesOf(stack: Stack): Promise<string[]> {
  const rows = await stack.sql<{ state: string }>(
    'select state::text from coffee.roadmap_items order by id',
  );
  return rows.map((row) => row.state);
}
