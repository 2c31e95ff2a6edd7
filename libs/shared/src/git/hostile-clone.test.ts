import { chmodSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deleteBranch } from './delete-branch';
import { fetchMirror } from './fetch-mirror';
import { mergeBranch } from './merge-branch';
import { pushBranch } from './push-branch';
import {
  asAgent,
  BRANCH,
  collect,
  commit,
  DAEMON,
  git,
  makeAgentProject,
  prepare,
  type AgentProject,
  workspaceOf,
} from './testing/project';
import { careless, setTraps, TRAPS, type Traps } from './testing/traps';
import { tidyMirror } from './tidy-mirror';

let project: AgentProject;
let traps: Traps;
let clone: string;
let main: string;
beforeEach(async () => {
  // Only another uid: inside bubblewrap the traps could not leave their marks where we look.
  project = await makeAgentProject({ bubblewrap: false });
  traps = setTraps(project.root);
  clone = workspaceOf(project, '1');
  main = (await prepare(project)).base;
});
afterEach(() => project.remove());

/** Everything that the daemon ever does with what an agent has made. */
async function daemonWorks(): Promise<void> {
  const { mirror, person, remote } = project;
  await expect(prepare(project)).resolves.toMatchObject({ kept: true });
  const work = await collect(project);
  await expect(collect(project)).resolves.toEqual(work);
  expect(work.diffStat.paths.map((file) => file.path)).toContain('README.md');
  for (const url of [remote, person]) {
    const pushed = { mirror, branch: BRANCH, url };
    await expect(
      pushBranch({ ...pushed, commit: work.commit, expected: null }),
    ).resolves.toMatchObject({ kind: 'pushed' });
    await fetchMirror({ mirror, url });
    await expect(
      mergeBranch({ ...pushed, into: 'main', message: 'Merge', identity: DAEMON }),
    ).resolves.toMatchObject({ kind: 'merged' });
    await expect(deleteBranch({ ...pushed, into: 'main' })).resolves.toMatchObject({
      kind: 'deleted',
    });
  }
  await tidyMirror({ mirror });
  await prepare(project, '2');
  await collect(project, { attempt: '2' });
}

describe('a hostile clone', () => {
  it('springs none of its traps on the daemon', async () => {
    await asAgent(project, traps.script);
    await asAgent(project, 'echo Hello >> README.md; echo 2 > src/more.js');
    commit(project.person, { 'README.md': '# Sample\n', 'other.txt': 'o' });
    git(project.person, 'push', '-q', 'origin', 'main');
    await daemonWorks();
    const { inside, outside } = traps.sprung();
    expect(outside).toEqual([]);
    // They were armed: the agent's own git ran into them, with the agent's rights.
    expect(inside).toContain('clean');
  });

  it.each([
    ['a link', 'mv .git nested/real; ln -s nested/real .git'],
    ['a file', 'mv .git nested/real; echo "gitdir: nested/real" > .git'],
    ['bare, with its tree elsewhere', 'git config core.bare true; git config core.worktree /'],
  ])('springs none when its .git is %s', async (_, script) => {
    await asAgent(project, `${traps.script}\n${script}`);
    await collect(project).catch(() => undefined);
    await prepare(project).catch(() => undefined);
    expect(traps.sprung().outside).toEqual([]);
    expect(git(project.mirror, 'fsck', '--strict')).toBe('');
  });

  it('has traps that work on whoever uses plain git in it', async () => {
    await asAgent(project, traps.script);
    const run = (...args: string[]) => careless(clone, args);
    const trusting = { env: { GIT_CONFIG_GLOBAL: path.join(clone, '.git', 'config') } };
    const anyOwner = 'git -c safe.directory=*';
    run('status');
    run('add', '-A');
    run('status');
    run('update-index', '--add', '--cacheinfo', `160000,${main},sub`);
    careless(clone, ['submodule', 'update', '--init', 'sub'], trusting);
    run('rm', '--cached', '-f', 'sub');
    run('commit', '--allow-empty', '-S', '-m', 'Signed');
    run('commit', '-m', 'One');
    run('commit', '--amend');
    run('commit', '--amend', '-m', 'Again');
    run('checkout', '-b', 'other');
    writeFileSync(path.join(clone, 'README.md'), 'other\n');
    run('commit', '-am', 'Other');
    run('checkout', BRANCH);
    writeFileSync(path.join(clone, 'README.md'), 'mine\n');
    run('commit', '-am', 'Mine');
    run('diff', 'HEAD~1');
    run('diff', '--no-ext-diff', 'HEAD~1');
    run('diff', 'main', 'HEAD');
    run('merge', '--no-ff', '-m', 'Both', 'other');
    run('reset', '--hard');
    run('checkout', '-b', 'third', 'HEAD~1');
    run('commit', '--allow-empty', '-m', 'Third');
    run('merge', '--no-ff', '-m', 'Three', 'other');
    run('rebase', 'other');
    run('format-patch', '-1', '--output=.git/patch', 'other');
    run('checkout', '-b', 'fourth', 'other~1');
    run('am', '.git/patch');
    run('repack', '-d');
    run('-c', 'gc.autoPackLimit=1', 'gc', '--auto');
    run('push', project.remote, 'HEAD:refs/heads/careless');
    const push = ['push', `--receive-pack=${anyOwner} receive-pack`, clone];
    careless(project.person, [...push, 'HEAD:refs/heads/pushed']);
    careless(project.person, [...push, 'HEAD:refs/for/review']);
    run('checkout', '-f', 'pushed');
    commit(project.person, { 'again.txt': 'a' });
    careless(project.person, [...push, 'HEAD:refs/heads/pushed']);
    run('-c', 'core.fsmonitor=.git/hooks/fsmonitor-watchman', 'status');
    run('ls-remote', 'ssh://127.0.0.1/x');
    run('ls-remote', 'git://127.0.0.1/x');
    run('ls-remote', 'there');
    run('ls-remote', 'here');
    run('fetch', '.', `--upload-pack=${traps.optionProgram}`);
    run('trap');
    run('included');
    careless(clone, ['credential', 'fill'], { input: 'protocol=https\nhost=example.org\n\n' });
    careless(path.join(clone, 'nested'), ['status']);
    careless(
      project.root,
      ['clone', '--no-local', '-u', `${anyOwner} upload-pack`, clone],
      trusting,
    );
    expect(traps.sprung().outside).toEqual([...TRAPS].sort());
  });

  it('cannot reach the daemon’s objects through alternates', async () => {
    const secret = path.join(project.root, 'state', 'secret.git');
    git(project.root, 'clone', '-q', '--bare', project.person, secret);
    const hash = git(secret, 'commit-tree', '-m', 'Secret', 'main^{tree}');
    chmodSync(path.join(project.root, 'state'), 0o700);
    const objects = path.join(secret, 'objects');
    await asAgent(
      project,
      `echo '${objects}' > list; mkdir -p .git/objects/info; ln -s ../../../list .git/objects/info/alternates`,
    );
    const look = `git cat-file -t ${hash}`;
    if (project.sandbox.isolated) await expect(asAgent(project, look)).rejects.toThrow();
    // Whoever reads the clone with more rights than the agent follows the link.
    expect(git(clone, '-c', 'safe.directory=*', 'cat-file', '-t', hash)).toBe('commit');
    await asAgent(project, `git update-ref refs/heads/stolen ${hash} || true`);
    const { commits } = await collect(project);
    expect(commits).toHaveLength(1);
    expect(() => git(project.mirror, 'cat-file', '-t', hash)).toThrow();
  });

  it('cannot lead the daemon out of the workspace by a link in its place', async () => {
    const precious = path.join(project.root, 'precious');
    commitIn(precious);
    rmSync(clone, { recursive: true });
    symlinkSync(precious, clone);
    await collect(project).catch(() => undefined);
    await prepare(project).catch(() => undefined);
    expect(git(precious, 'log', '--format=%s')).toBe('Precious');
    expect(git(precious, 'status', '--porcelain')).toBe('');
  });
});

function commitIn(folder: string): void {
  git(project.root, 'init', '-q', '-b', 'main', folder);
  commit(folder, { 'a.txt': 'a' }, 'Precious');
}
