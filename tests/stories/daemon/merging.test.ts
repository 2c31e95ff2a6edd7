import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { helpfulPerson, type HelpfulPerson } from '../../support/helpful-person';
import { commitFiles, gitIn } from '../../support/repository';
import { createStack, git, type Stack } from '../../support/stack';

const IN_REVIEW = `select count(*) = $1 as ok from coffee.roadmap_items where state = 'in_review'`;
const DONE = `select bool_and(state = 'done') as ok from coffee.roadmap_items`;
const ACCEPT = 'select coffee.accept_item($1)';

describe('accepted work', () => {
  let stack: Stack;
  let ada: HelpfulPerson;
  beforeEach(async () => {
    stack = await createStack();
    ada = await helpfulPerson(stack);
  });
  afterEach(() => stack.close());

  async function lastTold() {
    const [note] = await stack.sql<{ kind: string; title: string; message: string }>(
      'select kind::text, title, message from coffee.notifications order by id desc limit 1',
    );
    return note!;
  }

  it('that conflicts is planned again with the reason, and the next attempt keeps both sides', async () => {
    const repository = stack.repository('shop', { 'CHANGELOG.md': '# Changes\n' });
    const [one, two] = await ada.plan(repository, [{ title: 'One' }, { title: 'Two' }]);
    await stack.daemon('worker');
    await stack.until(IN_REVIEW, [2]);
    await ada.call(ACCEPT, one);
    await stack.until(`select state = 'done' as ok from coffee.roadmap_items where id = $1`, [one]);
    await ada.call(ACCEPT, two);
    await stack.until('select count(*) = 2 as ok from coffee.attempts where item_id = $1', [two]);
    const [item] = await stack.sql<{ feedback: string }>(
      'select feedback from coffee.roadmap_items where id = $1',
      [two],
    );
    expect(item!.feedback).toMatch(/^It conflicts with main in CHANGELOG\.md\./);
    expect(
      await stack.sql(`select title from coffee.notifications where kind = 'warning'`),
    ).toEqual([{ title: '2. Two does not merge; it is planned again' }]);

    await stack.until(IN_REVIEW, [1]);
    await ada.call(ACCEPT, two);
    await stack.until(DONE);
    expect(git(repository, 'show', 'main:CHANGELOG.md')).toMatch(
      /^# Changes\n(- One\n- Two|- Two\n- One)$/,
    );
    expect(git(repository, 'log', '--no-merges', '--format=%s', 'main').split('\n').sort()).toEqual(
      ['Begin', 'Priority 1: One', 'Priority 2: Two'],
    );
    const outcomes = await stack.sql('select outcome from coffee.attempts');
    expect(outcomes).toEqual(Array(3).fill({ outcome: 'review' }));
  });

  it('with merge: manual is done, and merging is left to people', async () => {
    const repository = stack.repository('shop');
    const [item] = await ada.plan(repository, [{ title: 'One' }], { merge: 'manual' });
    await stack.daemon('worker');
    await stack.until(IN_REVIEW, [1]);
    await ada.call(ACCEPT, item);
    await stack.until(DONE);
    expect(git(repository, 'log', '--format=%s', 'main')).toBe('Begin');
    expect(git(repository, 'log', '--format=%s', 'roadmap/1-one')).toContain('Priority 1: One');
  });

  it('stays under review while changes lie in the checked-out repository, which are not touched', async () => {
    const tree = stack.repository('shop', { 'README.md': '# Shop\n' }).replace(/\.git$/, '-seed');
    const [item] = await ada.plan(tree, [{ title: 'One' }]);
    await stack.daemon('worker');
    await stack.until(IN_REVIEW, [1]);
    writeFileSync(path.join(tree, 'README.md'), '# Shop\n\nUnfinished.\n');
    await ada.call(ACCEPT, item);
    await stack.until(
      `select accepted_at is null and state = 'in_review' and version > 3 as ok
       from coffee.roadmap_items`,
    );
    const { kind, title, message } = await lastTold();
    expect([kind, title]).toEqual(['error', '1. One could not be merged']);
    expect(message).toContain(`main is checked out in ${tree}`);
    expect(message).toContain('Commit or stash them and accept again');
    expect(readFileSync(path.join(tree, 'README.md'), 'utf8')).toContain('Unfinished.');
    expect(gitIn(tree, 'log', '--format=%s', 'main')).toBe('Begin');

    commitFiles(tree, 'Finish the readme', {});
    await ada.call(ACCEPT, item);
    await stack.until(DONE);
    expect(gitIn(tree, 'status', '--porcelain')).toBe('');
    expect(gitIn(tree, 'log', '--first-parent', '--format=%s').split('\n')).toEqual([
      'Merge priority 1: One',
      'Finish the readme',
      'Begin',
    ]);
  });

  it('that the remote does not want stays under review, in the words of the remote', async () => {
    const repository = stack.repository('shop');
    const hook = path.join(repository, 'hooks', 'update');
    writeFileSync(
      hook,
      '#!/bin/sh\n[ "$1" != refs/heads/main ] || { echo main is protected; exit 1; }\n',
    );
    chmodSync(hook, 0o755);
    const [item] = await ada.plan(repository, [{ title: 'One' }]);
    await stack.daemon('worker');
    await stack.until(IN_REVIEW, [1]);
    await ada.call(ACCEPT, item);
    await stack.until(`select count(*) = 1 as ok from coffee.notifications where kind = 'error'`);
    expect((await lastTold()).message).toMatch(/the remote refused the merge: .*protected|hook/);
    expect(await stack.sql('select state::text, accepted_by from coffee.roadmap_items')).toEqual([
      { state: 'in_review', accepted_by: null },
    ]);
  });
});
