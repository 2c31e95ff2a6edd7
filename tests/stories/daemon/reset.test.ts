import { agentProcesses, agentRoots } from '../../support/agent-processes';
import type { DaemonProgram } from '../../support/daemon-program';
import { helpfulPerson, type HelpfulPerson } from '../../support/helpful-person';
import { createStack, git, type Stack } from '../../support/stack';
import { until } from '../../support/until';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

describe('daemon reset', () => {
  let stack: Stack;
  let repository: string;
  let ada: HelpfulPerson;
  beforeEach(async () => {
    stack = await createStack();
    repository = stack.repository('shop');
    ada = await helpfulPerson(stack);
  });
  afterEach(() => stack.close());

  it('while it works: the item goes on from the beginning and is done once', async () => {
    await ada.plan(repository, [
      { title: 'Choose a licence', body: 'Slow: 8\nAsk: Which? MIT / Apache' },
    ]);
    const daemon = await stack.daemon('worker', { parallel: '3' });
    await stack.until(`select true as ok from coffee.notifications where state = 'pending'`);
    const before = await sharedRows(stack);
    const [agent] = agentProcesses(daemon);

    await ada.call('select coffee.reset_daemon()');
    await until('the agent is another one', () =>
      agentProcesses(daemon).every(({ pid }) => pid !== agent!.pid),
    );
    await daemon.said(/goes on with/);
    expect(await sharedRows(stack)).toEqual(before);
    await ada.help();

    const [seen] = await stack.sql(`select
      (select count(*) from coffee.attempts where outcome = 'review' and takeovers = 1) as attempts,
      (select count(*) from coffee.notifications where kind = 'question') as questions,
      (select count(*) from coffee.roadmap_history where change = 'review') as reviews`);
    expect(seen).toEqual({ attempts: 1, questions: 1, reviews: 1 });
    expect(git(repository, 'log', '--no-merges', '--format=%s', 'main').split('\n')).toEqual([
      'Priority 1: Choose a licence',
      'Begin',
    ]);
  });

  it('while it is idle: its tables and work folders are empty, no shared row has changed', async () => {
    const daemon = await stack.daemon('worker');
    await ada.plan(repository, [{ title: 'Choose a licence', body: 'Ask: Which? MIT / Apache' }]);
    await stack.until(`select true as ok from coffee.notifications where state = 'pending'`);
    // Given back with its clone in place; then nobody goes on with it.
    await ada.call('select coffee.pause_daemons(null, true)');
    await stack.until(`select state = 'paused' as ok from coffee.daemon_status`);
    await daemon.stop();
    const again = await stack.daemon('worker');
    expect(workspacesOf(again)).toHaveLength(1);
    const before = await sharedRows(stack);
    const [{ last }] = (await stack.sql(
      'select coalesce(max(id), 0) as last from daemon.execution_log',
    )) as [{ last: string }];

    await ada.call('select coffee.reset_daemon()');
    await until('the work folders are empty', () => workspacesOf(again).length === 0);
    expect(await sharedRows(stack)).toEqual(before);
    expect(await stack.sql('select from daemon.task_queue')).toEqual([]);
    // What it says since, of the folders that it took away, is of its new life.
    expect(await stack.sql(`select from daemon.execution_log where id <= ${last}`)).toEqual([]);

    await ada.call('select coffee.pause_daemons(null, false)');
    await ada.help();
    expect(await stack.sql('select takeovers, outcome from coffee.attempts')).toEqual([
      { takeovers: 1, outcome: 'review' },
    ]);
  });
});

function workspacesOf(daemon: DaemonProgram): string[] {
  return agentRoots(daemon.home)
    .map((root) => path.join(root, 'workspaces'))
    .flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
}

/** What people see, apart from what a daemon says of itself. */
function sharedRows(stack: Stack): Promise<object[]> {
  return stack.sql(`select i.state, i.version, i.branch, a.id as attempt, a.session_id, a.outcome,
      n.id as notification, n.state as notification_state,
      (select count(*) from coffee.roadmap_history) as history
    from coffee.roadmap_items i join coffee.attempts a on a.item_id = i.id
    join coffee.notifications n on n.attempt_id = a.id order by n.id`);
}
