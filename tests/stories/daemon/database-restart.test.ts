import { agentProcesses, isFrozen, isWorking } from '../../support/agent-processes';
import type { DaemonProgram } from '../../support/daemon-program';
import { helpfulPerson, type HelpfulPerson } from '../../support/helpful-person';
import { startOwnPostgres, type OwnPostgres } from '../../support/own-postgres';
import { createStack, git, type Stack } from '../../support/stack';
import { until } from '../../support/until';
import { buildCli, type CliProgram, type Running } from '../cli/program';

let postgres: OwnPostgres;
let stack: Stack;
let repository: string;
let ada: HelpfulPerson;

beforeEach(async () => {
  postgres = await startOwnPostgres();
  stack = await createStack(postgres.database);
  repository = stack.repository('shop');
  ada = await helpfulPerson(stack);
});
afterEach(async () => {
  await stack.close();
  await postgres.remove();
});

/** Nobody took over, nothing was done twice. */
async function expectAsIfNothing(first: DaemonProgram): Promise<void> {
  const [seen] = await stack.sql(`select a.attempt, a.takeovers, a.outcome, d.name as by,
      (select count(*) from coffee.notifications where kind = 'question') as questions,
      (select count(*) from coffee.generations where attempt_id = a.id) as calls,
      (select count(*) from coffee.traces where output ->> 'outcome' = 'review') as traces
    from coffee.attempts a join coffee.daemon_status d on d.daemon_id = a.daemon_id`);
  expect(seen).toEqual({
    ...{ attempt: 1, takeovers: 0, outcome: 'review', by: 'first', questions: 1 },
    ...{ calls: 1, traces: 1 },
  });
  expect(await stack.sql('select from coffee.attempts')).toHaveLength(1);
  expect(git(repository, 'log', '--no-merges', '--format=%s', 'main').split('\n')).toEqual([
    'Priority 1: Choose a licence',
    'Begin',
  ]);
  expect(first.lines.join('\n')).toMatch(/the database answers again/);
}

describe('the database restarts', () => {
  it('while an agent works: it is held, not lost, and nothing is reassigned', async () => {
    await ada.plan(repository, [
      { title: 'Choose a licence', body: 'Slow: 25\nAsk: Which? MIT / Apache' },
    ]);
    const first = await stack.daemon('first', { grace_s: '2', lease_s: '3' });
    await stack.until(`select true as ok from coffee.attempt_steps where kind = 'progress'`);
    await stack.daemon('second', { grace_s: '2', lease_s: '3' });

    // Longer than the lease: whoever had the work before comes first nevertheless.
    const [lease] = await stack.sql<{ until: Date }>(
      'select lease_until as until from daemon.task_queue',
    );
    await postgres.stop();
    await until('the agent is held', () => isFrozen(first));
    await until('the lease has run out', () => Date.now() > lease!.until.getTime() + 500);
    expect(isFrozen(first)).toBe(true);
    await postgres.start();
    await until('the agent works again', () => isWorking(first));

    ada = await helpfulPerson(stack);
    await ada.help();
    await expectAsIfNothing(first);
  });

  describe('while an agent asks', () => {
    let cli: CliProgram;
    let watching: Running | undefined;
    beforeAll(() => {
      cli = buildCli();
    });
    afterEach(() => watching?.kill('SIGKILL'));
    afterAll(() => cli?.remove());

    it('the question is asked once, is seen once by who watches, and its answer arrives', async () => {
      await ada.plan(repository, [{ title: 'Choose a licence', body: 'Ask: Which? MIT / Apache' }]);
      watching = cli.as(ada.url).start(['notifications', 'watch', '--json']);
      const first = await stack.daemon('first');
      await watching.said(/"Which\?"/);

      await postgres.stop();
      await first.said(/the database is away/);
      await watching.said(/waiting for it/, 'stderr');
      await postgres.start();
      await first.said(/the database answers again/);
      await watching.said(/connected again/, 'stderr');

      ada = await helpfulPerson(stack);
      await ada.help();
      await expectAsIfNothing(first);
      await watching.said(/is done/);
      watching.kill('SIGTERM');
      const { stdout } = await watching.ended;
      const seen = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { kind: string; state: string });
      expect(seen.map(({ kind, state }) => `${kind} ${state}`)).toEqual([
        'question pending',
        'question answered',
        'completion posted',
        'completion posted',
      ]);
      expect(agentProcesses(first)).toEqual([]);
    });
  });
});
