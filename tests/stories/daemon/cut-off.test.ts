import { agentProcesses, isFrozen } from '../../support/agent-processes';
import { helpfulPerson } from '../../support/helpful-person';
import { startRelay, type Relay } from '../../support/relay';
import { createStack, git, type Stack } from '../../support/stack';
import { until } from '../../support/until';

describe('a daemon that is cut off from the database for longer than its lease', () => {
  let stack: Stack;
  let relay: Relay;
  beforeEach(async () => {
    stack = await createStack();
    const { hostname, port } = new URL(stack.database.superuserUrl);
    relay = await startRelay({ host: hostname, port: Number(port) });
  });
  afterEach(async () => {
    await stack.close();
    await relay.close();
  });

  it.each([
    ['its connections break', (road: Relay) => road.cut()],
    ['what it sends is swallowed', (road: Relay) => road.swallow()],
  ])('%s: another takes over, and the first changes nothing any more', async (_, cutOff) => {
    const repository = stack.repository('shop');
    const ada = await helpfulPerson(stack);
    await ada.plan(repository, [{ title: 'Choose a licence', body: 'Slow: 25' }]);
    const first = await stack.daemon('first', { lease_s: '2' }, relay.url);
    await stack.until(`select true as ok from coffee.attempt_steps where kind = 'progress'`);

    cutOff(relay);
    await until('the agent is held', () => isFrozen(first));
    const second = await stack.daemon('second', { lease_s: '2' });
    await stack.until('select takeovers = 1 as ok from coffee.attempts');
    expect(isFrozen(first)).toBe(true);
    await ada.help();
    expect(isFrozen(first)).toBe(true);

    await relay.mend();
    await first.said(/the lease is gone/);
    await until('its agent is ended', () => agentProcesses(first).length === 0);

    const before = await stateOf(stack, repository);
    await first.stop();
    expect(await stateOf(stack, repository)).toEqual(before);
    expect(before).toEqual({
      state: 'done',
      attempts: 1,
      outcome: 'review',
      last_by: 'second',
      branches: ['main', 'roadmap/1-choose-a-licence'],
      commits: ['Merge priority 1: Choose a licence', 'Priority 1: Choose a licence', 'Begin'],
    });
    expect(second.lines.join('\n')).toMatch(/goes on with/);
  });
});

async function stateOf(stack: Stack, repository: string) {
  const [rows] = await stack.sql(`select i.state, a.outcome, d.name as last_by,
      (select count(*) from coffee.attempts) as attempts
    from coffee.roadmap_items i join coffee.attempts a on a.item_id = i.id
    join coffee.daemon_status d on d.daemon_id = a.daemon_id`);
  return {
    ...rows,
    branches: git(repository, 'branch', '--format=%(refname:short)').split('\n'),
    commits: git(repository, 'log', '--format=%s', 'main').split('\n'),
  };
}
