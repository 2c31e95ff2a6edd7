import { createStack, git, type Stack } from '../../support/stack';

describe('the main job, with the rehearsal agent', () => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await createStack();
  });
  afterEach(() => stack.close());

  it('takes a priority, asks, commits, puts it up for review and merges what is accepted', async () => {
    const repository = stack.repository('shop', { 'CHANGELOG.md': '# Changes\n' });
    const ada = await stack.person('ada');
    const [project] = await stack.sql<{ id: string }>('select 1 as id');
    expect(project).toBeDefined();
    const asAda = await stack.database.connect(ada.url);
    const { rows } = await asAda.query<{ id: string }>(
      `select coffee.add_project(null, 'shop', $1, '{"agent":"rehearsal"}') as id`,
      [repository],
    );
    const item = await asAda.query<{ id: number }>('select * from coffee.add_item($1, $2, $3)', [
      rows[0]!.id,
      'Choose a licence',
      'Ask: Which licence? MIT / Apache-2.0',
    ]);
    await stack.daemon('worker');

    await stack.until(`select true as ok from coffee.notifications where state = 'pending'`);
    await asAda.query(
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

    await asAda.query('select coffee.accept_item($1)', [item.rows[0]!.id]);
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
