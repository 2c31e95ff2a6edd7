import { helpfulPerson } from '../../support/helpful-person';
import { createStack, git, type Stack } from '../../support/stack';

describe('the main job, with the rehearsal agent', () => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await createStack();
  });
  afterEach(() => stack.close());

  it('takes a priority, asks, commits, puts it up for review and merges what is accepted', async () => {
    const repository = stack.repository('shop', { 'CHANGELOG.md': '# Changes\n' });
    const ada = await helpfulPerson(stack);
    const [item] = await ada.plan(repository, [
      { title: 'Choose a licence', body: 'Ask: Which licence? MIT / Apache-2.0' },
    ]);
    await stack.daemon('worker');

    await stack.until(`select true as ok from coffee.notifications where state = 'pending'`);
    await ada.call(
      `select coffee.answer(id, 'mit') from coffee.notifications where state = 'pending'`,
    );
    await stack.until(`select state = 'in_review' as ok from coffee.roadmap_items`);
    const [reviewed] = await stack.sql<{ branch: string; commit_hash: string }>(
      'select branch, commit_hash from coffee.roadmap_items',
    );
    expect(reviewed!.branch).toBe('roadmap/1-choose-a-licence');
    expect(git(repository, 'rev-parse', reviewed!.branch)).toBe(reviewed!.commit_hash);
    expect(git(repository, 'show', `${reviewed!.branch}:docs/choose-a-licence.md`)).toContain(
      'Decided: Which licence? MIT',
    );

    await ada.call('select coffee.accept_item($1)', item);
    await stack.until(`select state = 'done' as ok from coffee.roadmap_items`);
    expect(git(repository, 'log', '--format=%s', 'main')).toContain('Merge priority 1');
    expect(git(repository, 'show', 'main:CHANGELOG.md')).toContain('- Choose a licence');

    const steps = await stack.sql<{ kind: string }>(
      'select kind from coffee.attempt_steps order by attempt_id, step',
    );
    expect(steps.map((step) => step.kind)).toEqual(
      expect.arrayContaining(['claim', 'prepare', 'agent', 'question', 'answer', 'commit', 'push']),
    );
  });
});
