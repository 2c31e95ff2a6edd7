import { FAILPOINTS } from '@coffee-roadmap/shared/tasks/failpoint';
import { helpfulPerson } from '../../support/helpful-person';
import { createStack, git, type Stack } from '../../support/stack';

/** One of everything: whatever was killed, it shows in nothing that people see. */
async function expectDoneOnce(stack: Stack, repository: string): Promise<void> {
  const branch = 'roadmap/1-choose-a-licence';
  const [counts] = await stack.sql<Record<string, number>>(`select
    (select count(*) from coffee.roadmap_items where state = 'done') as done,
    (select count(*) from coffee.attempts) as attempts,
    (select count(*) from coffee.attempts where outcome = 'review') as reviewed,
    (select count(*) from coffee.notifications where kind = 'question') as questions,
    (select count(*) from coffee.roadmap_history where change = 'review') as reviews,
    (select count(*) from coffee.roadmap_history where change = 'merge') as merges`);
  expect(counts).toEqual({
    done: 1,
    attempts: 1,
    reviewed: 1,
    questions: 1,
    reviews: 1,
    merges: 1,
  });
  expect(git(repository, 'branch', '--format=%(refname:short)').split('\n').sort()).toEqual([
    'main',
    branch,
  ]);
  expect(git(repository, 'log', '--no-merges', '--format=%s', 'main').split('\n')).toEqual([
    'Priority 1: Choose a licence',
    'Begin',
  ]);
  expect(git(repository, 'rev-list', '--merges', '--count', 'main')).toBe('1');
}

describe('kill -9 of the daemon', () => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await createStack();
  });
  afterEach(() => stack.close());

  it.each(FAILPOINTS)('%s: the item is done once, by the daemon started again', async (point) => {
    const repository = stack.repository('shop', { 'CHANGELOG.md': '# Changes\n' });
    const ada = await helpfulPerson(stack);
    await ada.plan(repository, [{ title: 'Choose a licence', body: 'Ask: Which? MIT / Apache' }]);
    const first = await stack.daemon('worker', { crash_at: point });
    const helping = ada.help();
    expect(await first.ended).toEqual({ code: null, signal: 'SIGKILL' });
    await stack.daemon('worker');
    await helping;
    await expectDoneOnce(stack, repository);
  });

  it('while it asks: another daemon goes on, and the question is asked once', async () => {
    const repository = stack.repository('shop', { 'CHANGELOG.md': '# Changes\n' });
    const ada = await helpfulPerson(stack);
    await ada.plan(repository, [{ title: 'Choose a licence', body: 'Ask: Which? MIT / Apache' }]);
    const first = await stack.daemon('first');
    await stack.until(`select true as ok from coffee.notifications where state = 'pending'`);
    first.kill('SIGKILL');
    await first.ended;
    await stack.daemon('second');
    await stack.until(`select takeovers = 1 as ok from coffee.attempts`);
    await ada.help();
    await expectDoneOnce(stack, repository);
  });
});
