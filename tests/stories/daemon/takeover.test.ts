import { agentProcesses } from '../../support/agent-processes';
import type { DaemonProgram } from '../../support/daemon-program';
import { helpfulPerson, type HelpfulPerson } from '../../support/helpful-person';
import { createStack, git, type Stack } from '../../support/stack';
import { until } from '../../support/until';

const ASKS = `select true as ok from coffee.notifications where state = 'pending'`;
const TAKEN_OVER = 'select takeovers = 1 as ok from coffee.attempts';

describe('another daemon goes on', () => {
  let stack: Stack;
  let repository: string;
  let ada: HelpfulPerson;
  let first: DaemonProgram;

  beforeEach(async () => {
    stack = await createStack();
    repository = stack.repository('shop');
    ada = await helpfulPerson(stack);
    await ada.plan(repository, [{ title: 'Choose a licence', body: 'Ask: Which? MIT / Apache' }]);
  });
  afterEach(() => stack.close());

  async function workWithTwo(settings: Record<string, string>): Promise<void> {
    // Only hints and the lock can be quicker than this.
    const patient = { ...settings, poll_s: '1' };
    first = await stack.daemon('first', patient);
    await stack.until(ASKS);
    await stack.daemon('second', patient);
  }

  async function expectDoneOnce(): Promise<void> {
    await ada.help();
    const seen = await stack.sql(`select a.attempt, a.takeovers, a.outcome, d.name as by
        , (select count(*) from coffee.notifications where kind = 'question') as questions
      from coffee.attempts a join coffee.daemon_status d on d.daemon_id = a.daemon_id`);
    expect(seen).toEqual([
      { attempt: 1, takeovers: 1, outcome: 'review', by: 'second', questions: 1 },
    ]);
    expect(git(repository, 'log', '--no-merges', '--format=%s', 'main').split('\n')).toEqual([
      'Priority 1: Choose a licence',
      'Begin',
    ]);
  }

  it('at once when the first is told to end', async () => {
    await workWithTwo({ lease_s: '600', grace_s: '600' });
    first.kill('SIGTERM');
    await stack.until(TAKEN_OVER);
    expect(await first.ended).toEqual({ code: 0, signal: null });
    expect(agentProcesses(first)).toEqual([]);
    expect(await stack.sql(`select state::text from coffee.daemon_status order by name`)).toEqual([
      { state: 'stopped' },
      { state: expect.stringMatching(/working|waiting/) },
    ]);
    await expectDoneOnce();
  });

  it('within seconds when the first is killed, whatever its lease', async () => {
    await workWithTwo({ lease_s: '600', grace_s: '1' });
    first.kill('SIGKILL');
    await stack.until(TAKEN_OVER);
    expect(agentProcesses(first)).toEqual([]);
    await expectDoneOnce();
  });

  it('only after the lease when the first is frozen, which then changes nothing any more', async () => {
    await workWithTwo({ lease_s: '4', grace_s: '0.5' });
    first.kill('SIGSTOP');
    const [lease] = await stack.sql<{ until: Date }>(
      'select lease_until as until from daemon.task_queue',
    );
    await stack.until(TAKEN_OVER);
    expect(Date.now()).toBeGreaterThanOrEqual(lease!.until.getTime());
    await ada.call(`select coffee.answer(id, 'mit') from coffee.notifications`);
    await stack.until(`select state = 'in_review' as ok from coffee.roadmap_items`);

    first.kill('SIGCONT');
    await first.said(/the lease is gone/);
    await until('its agent is ended', () => agentProcesses(first).length === 0);
    await expectDoneOnce();
  });
});
