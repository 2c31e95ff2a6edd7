import { helpfulPerson } from '../../support/helpful-person';
import { createStack, git, type Stack } from '../../support/stack';

const TITLES = ['One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten'];

describe('several daemons over one roadmap', () => {
  let stack: Stack;
  beforeEach(async () => {
    stack = await createStack();
  });
  afterEach(() => stack.close());

  it.each([2, 3])(
    '%i of them: each item is done once, in one attempt, by one of them',
    async (n) => {
      const repository = stack.repository('shop');
      const ada = await helpfulPerson(stack);
      await ada.plan(
        repository,
        TITLES.map((title) => ({ title })),
      );
      const names = ['first', 'second', 'third'].slice(0, n);
      await Promise.all(names.map((name) => stack.daemon(name)));
      await ada.help(140_000);

      const [counts] = await stack.sql(`select
      (select count(*) from coffee.roadmap_items where state = 'done') as done,
      (select count(*) from coffee.attempts where outcome = 'review' and takeovers = 0) as reviewed,
      (select count(*) from coffee.attempts) as attempts,
      (select count(distinct daemon_id) from coffee.attempts) as daemons,
      (select count(*) from coffee.roadmap_history where change = 'claim') as claims,
      (select count(*) from coffee.roadmap_history where change = 'merge') as merges,
      (select count(*) from daemon.task_queue) as left_over`);
      expect(counts).toEqual({
        done: 10,
        reviewed: 10,
        attempts: 10,
        daemons: n,
        claims: 10,
        merges: 10,
        left_over: 0,
      });
      const subjects = TITLES.map((title, i) => `Priority ${i + 1}: ${title}`);
      expect(
        git(repository, 'log', '--no-merges', '--format=%s', 'main').split('\n').sort(),
      ).toEqual(['Begin', ...subjects].sort());
      expect(git(repository, 'rev-list', '--merges', '--first-parent', '--count', 'main')).toBe(
        '10',
      );
      expect(git(repository, 'branch', '--format=%(refname)').split('\n')).toHaveLength(11);
      expect(git(repository, 'ls-tree', '--name-only', 'main', 'docs/').split('\n')).toHaveLength(
        10,
      );
    },
    150_000,
  );
});
