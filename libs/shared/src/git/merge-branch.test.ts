import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { deleteBranch } from './delete-branch';
import { ensureMirror } from './ensure-mirror';
import { mergeBranch, type MergeBranch } from './merge-branch';
import {
  BRANCH,
  commit,
  DAEMON,
  git,
  makeProject,
  type TestProject,
  write,
} from './testing/project';

let project: TestProject;
let work: string;
beforeEach(async () => {
  project = await makeProject();
  git(project.person, 'checkout', '-q', '-b', BRANCH);
  work = commit(project.person, { 'hello.txt': 'Hello\n' }, 'Say hello');
  git(project.person, 'push', '-q', 'origin', BRANCH);
  git(project.person, 'checkout', '-q', 'main');
});
afterEach(() => project.remove());

const merge = (options: Partial<MergeBranch> = {}) =>
  mergeBranch({
    mirror: project.mirror,
    url: project.remote,
    branch: BRANCH,
    into: 'main',
    message: 'Merge priority 1: Say hello',
    trailers: [['Roadmap-Item', '1']],
    identity: DAEMON,
    ...options,
  });

const main = (repository = project.remote) => git(repository, 'rev-parse', 'main');

function pushToMain(files: Record<string, string>): string {
  const hash = commit(project.person, files);
  git(project.person, 'push', '-q', 'origin', 'main');
  return hash;
}

describe('mergeBranch', () => {
  it('makes a merge commit, also where main has not moved', async () => {
    const before = main();
    const outcome = await merge();
    expect(outcome).toEqual({ kind: 'merged', commit: main() });
    expect(git(project.remote, 'log', '-1', '--format=%P|%an|%B', 'main')).toBe(
      `${before} ${work}|Coffee Daemon|Merge priority 1: Say hello\n\nRoadmap-Item: 1`,
    );
    expect(git(project.remote, 'show', 'main:hello.txt')).toBe('Hello');
  });

  it('finds its own merge when it is called again, also behind later work', async () => {
    const { commit: merged } = (await merge()) as { commit: string };
    await expect(merge()).resolves.toEqual({ kind: 'already_merged', commit: merged });
    git(project.person, 'pull', '-q', '--ff-only', 'origin', 'main');
    pushToMain({ 'later.txt': 'l' });
    await expect(merge({ commit: work })).resolves.toEqual({
      kind: 'already_merged',
      commit: merged,
    });
  });

  it('finds a branch that a person has fast-forwarded', async () => {
    git(project.person, 'merge', '-q', '--ff-only', BRANCH);
    git(project.person, 'push', '-q', 'origin', 'main');
    await expect(merge()).resolves.toEqual({ kind: 'already_merged', commit: work });
  });

  it('keeps what others have pushed', async () => {
    const theirs = pushToMain({ 'theirs.txt': 't' });
    await expect(merge()).resolves.toMatchObject({ kind: 'merged' });
    expect(git(project.remote, 'rev-parse', 'main^1')).toBe(theirs);
    expect(git(project.remote, 'ls-tree', '--name-only', 'main')).toContain('theirs.txt');
  });

  it('merges what was reviewed, not what came after it', async () => {
    git(project.person, 'checkout', '-q', BRANCH);
    commit(project.person, { 'late.txt': 'not reviewed' });
    git(project.person, 'push', '-q', 'origin', BRANCH);
    await expect(merge({ commit: work })).resolves.toMatchObject({ kind: 'merged' });
    expect(git(project.remote, 'ls-tree', '--name-only', 'main')).not.toContain('late.txt');
  });

  it('tells of a conflict, and changes nothing', async () => {
    const theirs = pushToMain({ 'hello.txt': 'Hi\n', 'b.txt': 'b' });
    const outcome = await merge();
    expect(outcome).toEqual({
      kind: 'conflict',
      paths: ['hello.txt'],
      detail: expect.stringContaining('Merge conflict in hello.txt'),
    });
    expect(main()).toBe(theirs);
  });

  it('says that the branch is gone', async () => {
    git(project.remote, 'branch', '-D', BRANCH);
    await expect(merge()).resolves.toEqual({
      kind: 'refused',
      reason: `${BRANCH} is not on the remote any more`,
    });
  });

  it('passes on a refusal of the remote', async () => {
    git(project.remote, 'config', 'receive.denyNonFastForwards', 'true');
    git(project.remote, 'config', 'receive.maxInputSize', '1');
    await expect(merge()).resolves.toMatchObject({
      kind: 'refused',
      reason: expect.stringContaining('the remote refused the merge'),
    });
  });

  it('lets several daemons merge at once, each branch once', async () => {
    const branches = ['a', 'b', 'c'].map((name) => `roadmap/2-${name}`);
    for (const branch of branches) {
      git(project.person, 'checkout', '-q', '-b', branch, 'main');
      commit(project.person, { [`${branch}.txt`]: 'x' });
      git(project.person, 'push', '-q', 'origin', branch);
    }
    const calls = branches.map(async (branch, index) => {
      const mirror = path.join(project.root, 'state', `daemon-${index}.git`);
      await ensureMirror({ folder: mirror, url: project.remote });
      return merge({ mirror, branch });
    });
    const outcomes = await Promise.all([...calls, merge()]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['merged', 'merged', 'merged', 'merged']);
    expect(git(project.remote, 'rev-list', '--merges', '--count', 'main')).toBe('4');
  });
});

describe('mergeBranch into a person’s own repository', () => {
  const here = () => merge({ url: project.person });
  const status = () => git(project.person, 'status', '--porcelain');

  it('updates a clean working tree', async () => {
    await expect(here()).resolves.toMatchObject({ kind: 'merged' });
    expect(readFileSync(path.join(project.person, 'hello.txt'), 'utf8')).toBe('Hello\n');
    expect(status()).toBe('');
    expect(git(project.person, 'log', '-1', '--format=%s')).toBe('Merge priority 1: Say hello');
  });

  it('leaves a tree with another branch as it is', async () => {
    git(project.person, 'checkout', '-q', '-b', 'elsewhere');
    write(project.person, { 'README.md': 'being edited' });
    await expect(here()).resolves.toMatchObject({ kind: 'merged' });
    expect(status()).toBe('M README.md');
    expect(existsSync(path.join(project.person, 'hello.txt'))).toBe(false);
  });

  it.each([
    ['edited', () => write(project.person, { 'README.md': 'being edited' }), /commit or stash/i],
    [
      'staged',
      () => {
        write(project.person, { 'new.txt': 'n' });
        git(project.person, 'add', 'new.txt');
      },
      /commit or stash/i,
    ],
    ['in the way', () => write(project.person, { 'hello.txt': 'untracked' }), /commit or stash/i],
  ])('does not touch a tree with %s files, and says what to run', async (_, change, says) => {
    change();
    const [before, head] = [status(), main(project.person)];
    const outcome = await here();
    expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringMatching(says) });
    expect(outcome).toMatchObject({
      reason: expect.stringContaining(`git -C ${project.person} merge --no-ff ${BRANCH}`),
    });
    expect([status(), main(project.person)]).toEqual([before, head]);
  });

  it('merges once the person has made room', async () => {
    write(project.person, { 'README.md': 'being edited' });
    await expect(here()).resolves.toMatchObject({ kind: 'refused' });
    git(project.person, 'stash', '-q');
    await expect(here()).resolves.toMatchObject({ kind: 'merged' });
    git(project.person, 'stash', 'pop', '-q');
    expect(status()).toBe('M README.md');
  });
});

describe('deleteBranch', () => {
  const remove = (branch = BRANCH) =>
    deleteBranch({ mirror: project.mirror, url: project.remote, branch, into: 'main' });

  it('removes a branch that is merged, once', async () => {
    await merge();
    await expect(remove()).resolves.toEqual({ kind: 'deleted', commit: work });
    await expect(remove()).resolves.toEqual({ kind: 'absent' });
    expect(git(project.remote, 'branch', '--list', BRANCH)).toBe('');
  });

  it('keeps one that is not merged, or has more than what was merged', async () => {
    await expect(remove()).resolves.toMatchObject({ kind: 'kept' });
    await merge();
    git(project.person, 'checkout', '-q', BRANCH);
    commit(project.person, { 'late.txt': 'l' });
    git(project.person, 'push', '-q', 'origin', BRANCH);
    await expect(remove()).resolves.toMatchObject({ kind: 'kept' });
  });

  it('removes nothing but roadmap branches', async () => {
    await expect(remove('main')).rejects.toMatchObject({ code: 'invalid_input' });
  });
});
