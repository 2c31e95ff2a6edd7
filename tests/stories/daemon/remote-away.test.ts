import { serveOverHttp, type HttpRemote } from '@coffee-roadmap/shared/git/testing/http-remote';
import { helpfulPerson, type HelpfulPerson } from '../../support/helpful-person';
import { createStack, git, type Stack } from '../../support/stack';

const AWAY = Array<number>(1_000).fill(503);
const WAITS = `select count(*) > 0 as ok from coffee.attempt_steps where kind = 'waits'`;
const SETTINGS = { retry_s: '0.2', lease_s: '3' };

describe('a repository that cannot be reached', () => {
  let stack: Stack;
  let remote: HttpRemote;
  let repository: string;
  let ada: HelpfulPerson;
  beforeEach(async () => {
    stack = await createStack();
    repository = stack.repository('shop');
    remote = await serveOverHttp(repository);
    ada = await helpfulPerson(stack);
  });
  afterEach(async () => {
    await stack.close();
    await remote.close();
  });

  it('at first: the attempt waits, says so once, keeps its lease, and goes on when it is back', async () => {
    remote.failures.push(...AWAY);
    await ada.plan(remote.url, [{ title: 'Choose a licence' }]);
    await stack.daemon('worker', SETTINGS);
    await stack.until(WAITS);
    await stack.until('select note is not null as ok from coffee.daemon_status');
    const [{ since } = { since: '' }] = await stack.sql<{ since: string }>(
      'select lease_until::text as since from daemon.task_queue',
    );
    await stack.until(
      'select now() > $1::timestamptz and lease_until > now() as ok from daemon.task_queue',
      [since],
    );
    remote.failures.length = 0;
    await ada.help();
    expect(
      await stack.sql(`select a.outcome, a.takeovers, s.summary
        from coffee.attempts a join coffee.attempt_steps s on s.attempt_id = a.id
        where s.kind = 'waits'`),
    ).toEqual([
      {
        outcome: 'review',
        takeovers: 0,
        summary: expect.stringMatching(/^\w+ cannot be reached, trying again: git .*503/),
      },
    ]);
    await stack.until('select note is null as ok from coffee.daemon_status');
  });

  it('when the work is to be pushed: it is pushed when the repository is back', async () => {
    await ada.plan(remote.url, [{ title: 'Choose a licence', body: 'Slow: 5' }]);
    await stack.daemon('worker', SETTINGS);
    await stack.until(`select true as ok from coffee.attempt_steps where kind = 'progress'`);
    remote.failures.push(...AWAY);
    await stack.until(WAITS);
    expect(git(repository, 'branch', '--format=%(refname:short)')).toBe('main');
    remote.failures.length = 0;
    await ada.help();
    expect(git(repository, 'log', '--no-merges', '--format=%s', 'main').split('\n')).toEqual([
      'Priority 1: Choose a licence',
      'Begin',
    ]);
    expect(await stack.sql('select from coffee.attempts')).toHaveLength(1);
  });

  it('while a person stops the item: the daemon lets go of it', async () => {
    remote.failures.push(...AWAY);
    const [item] = await ada.plan(remote.url, [{ title: 'Choose a licence' }]);
    const daemon = await stack.daemon('worker', SETTINGS);
    await stack.until(WAITS);
    await ada.call('select coffee.stop_item($1)', item);
    await daemon.said(/the lease is gone/);
    await stack.until(`select state = 'idle' and note is null as ok from coffee.daemon_status`);
  });

  it('when accepted work is to be merged: people are told once, and it is merged later', async () => {
    const [item] = await ada.plan(remote.url, [{ title: 'Choose a licence' }]);
    await stack.daemon('worker', { ...SETTINGS, poll_s: '0.5' });
    await stack.until(`select state = 'in_review' as ok from coffee.roadmap_items`);
    remote.failures.push(...AWAY);
    await ada.call('select coffee.accept_item($1)', item);
    await stack.until(`select count(*) = 1 as ok from coffee.notifications where kind = 'warning'`);
    remote.failures.length = 0;
    // The next try is half a minute away; nobody needs to wait for it here.
    await stack.sql('update daemon.task_queue set retry_after = now()');
    await ada.help();
    expect(
      await stack.sql(`select title from coffee.notifications where kind = 'warning'`),
    ).toEqual([{ title: '1. Choose a licence waits to be merged' }]);
  });
});
