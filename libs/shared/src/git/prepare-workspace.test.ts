import { existsSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fetchMirror } from './fetch-mirror';
import { prepareWorkspace } from './prepare-workspace';
import {
  asAgent,
  BRANCH,
  collect,
  commit,
  git,
  makeAgentProject,
  prepare,
  type AgentProject,
  workspaceOf,
} from './testing/project';

let project: AgentProject;
beforeEach(async () => (project = await makeAgentProject()));
afterEach(() => project.remove());

const read = (name: string, attempt = '1') =>
  readFileSync(path.join(workspaceOf(project, attempt), name), 'utf8');

async function push(files: Record<string, string>, to = 'main'): Promise<string> {
  const hash = commit(project.person, files);
  git(project.person, 'push', '-q', 'origin', `HEAD:${to}`);
  await fetchMirror({ mirror: project.mirror, url: project.remote });
  return hash;
}

describe('prepareWorkspace', () => {
  it('makes a clone of the agent’s own, on the item’s branch', async () => {
    const main = git(project.remote, 'rev-parse', 'main');
    const prepared = await prepare(project);
    expect(prepared).toEqual({ start: main, base: main, kept: false, conflicts: [] });
    expect(read('README.md')).toBe('# Sample\n');
    expect(await asAgent(project, 'git symbolic-ref HEAD')).toBe(`refs/heads/${BRANCH}`);
    expect(await asAgent(project, 'git status --porcelain')).toBe('');
    expect(await asAgent(project, 'git rev-parse main origin/main')).toBe(`${main}\n${main}`);
    expect(await asAgent(project, 'git config user.email')).toBe('daemon@example.org');
    expect(await asAgent(project, 'git fsck --strict 2>&1')).toBe('');
    expect(await asAgent(project, 'git remote')).toBe('');
    expect(existsSync(path.join(workspaceOf(project, '1'), '.git/objects/info/alternates'))).toBe(
      false,
    );
    if (project.sandbox.isolated) {
      expect(statSync(path.join(workspaceOf(project, '1'), 'README.md')).uid).not.toBe(0);
      await expect(asAgent(project, `ls '${project.mirror}'`)).rejects.toThrow(
        /denied|No such file/,
      );
    }
  });

  it('brings tags, for builds that ask git describe', async () => {
    git(project.person, 'tag', '-a', '-m', 'One', 'v1');
    git(project.person, 'push', '-q', 'origin', 'v1');
    await push({ 'a.txt': 'a' });
    await prepare(project);
    expect(await asAgent(project, 'git describe')).toMatch(/^v1-1-g/);
  });

  it('keeps the agent’s uncommitted work when it is called again', async () => {
    const first = await prepare(project);
    await asAgent(project, 'echo more >> README.md; echo new > new.txt; touch .git/index.lock');
    await push({ 'elsewhere.txt': 'x' });
    await expect(prepare(project)).resolves.toEqual({ ...first, kept: true });
    expect(read('README.md')).toBe('# Sample\nmore\n');
    expect(read('new.txt')).toBe('new\n');
    expect(await asAgent(project, 'git add -A; git diff --cached --name-only')).toBe(
      'README.md\nnew.txt',
    );
  });

  it('makes it anew after it was interrupted half-way', async () => {
    await prepare(project);
    rmSync(path.join(workspaceOf(project, '1'), '.git'), { recursive: true });
    await expect(prepare(project)).resolves.toMatchObject({ kept: false });
    expect(await asAgent(project, 'git status --porcelain')).toBe('');
  });

  it('begins anew for another attempt', async () => {
    await prepare(project, '1');
    await asAgent(project, 'echo 1 > one.txt');
    await expect(prepare(project, '2')).resolves.toMatchObject({ kept: false });
    expect(existsSync(path.join(workspaceOf(project, '2'), 'one.txt'))).toBe(false);
  });

  it('goes on from the branch on the remote, with the default branch merged in', async () => {
    git(project.person, 'checkout', '-q', '-b', BRANCH);
    const earlier = await push({ 'work.txt': 'w' }, BRANCH);
    git(project.person, 'checkout', '-q', 'main');
    const main = await push({ 'other.txt': 'o' });
    const prepared = await prepare(project);
    expect(prepared).toMatchObject({ base: main, conflicts: [] });
    expect(await asAgent(project, 'git log -1 --format=%P')).toBe(`${earlier} ${main}`);
    expect(await asAgent(project, 'git log -1 --format="%s, %an"')).toBe(
      `Merge main into ${BRANCH}, Coffee Daemon`,
    );
    expect([read('work.txt'), read('other.txt')]).toEqual(['w', 'o']);
    await expect(collect(project)).resolves.toMatchObject({ changed: true, progressed: false });
  });

  it('begins at the default branch when that has all of the item’s branch', async () => {
    git(project.person, 'push', '-q', 'origin', `main:${BRANCH}`);
    const main = await push({ 'other.txt': 'o' });
    await expect(prepare(project)).resolves.toMatchObject({ start: main, base: main });
  });

  it('leaves a conflict to the agent, and says so again later', async () => {
    git(project.person, 'checkout', '-q', '-b', BRANCH);
    const earlier = await push({ 'README.md': '# Work\n', 'ä b.txt': '1' }, BRANCH);
    git(project.person, 'checkout', '-q', 'main');
    const main = await push({ 'README.md': '# Main\n', 'ä b.txt': '2' });
    const prepared = await prepare(project);
    const conflicts = ['README.md', 'ä b.txt'];
    expect(prepared).toEqual({ start: earlier, base: main, kept: false, conflicts });
    expect(read('README.md')).toContain('<<<<<<<');
    await expect(prepare(project)).resolves.toEqual({ ...prepared, kept: true });

    await expect(collect(project)).resolves.toMatchObject({ unresolved: conflicts });
    await asAgent(project, 'echo "# Both" > README.md; echo 3 > "ä b.txt"');
    const solved = await collect(project);
    expect(solved).toMatchObject({ base: main, unresolved: [], progressed: true });
    expect(git(project.mirror, 'merge-base', main, solved.commit)).toBe(main);
    expect(git(project.mirror, 'merge-base', earlier, solved.commit)).toBe(earlier);
  });

  it('goes on from work that was collected but never pushed', async () => {
    await prepare(project);
    await asAgent(project, 'echo 1 > one.txt');
    const { commit: collected } = await collect(project);
    rmSync(workspaceOf(project, '1'), { recursive: true });
    await expect(prepare(project)).resolves.toMatchObject({ start: collected, kept: false });
    expect(read('one.txt')).toBe('1\n');
  });

  it('refuses a branch that is not the daemon’s, and one that is not there', async () => {
    const options = {
      ...project,
      workspace: workspaceOf(project, '1'),
      attempt: '1',
      base: 'main',
    };
    const identity = { name: 'x', email: 'x@y' };
    await expect(prepareWorkspace({ ...options, branch: 'main', identity })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(
      prepareWorkspace({ ...options, branch: BRANCH, base: 'nowhere', identity }),
    ).rejects.toMatchObject({ code: 'git_failed' });
  });
});
