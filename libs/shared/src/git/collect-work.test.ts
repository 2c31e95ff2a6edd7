import fs from 'node:fs';
import path from 'node:path';
import { listRefs } from './refs';
import { parseNumstat } from './diff-stat';
import {
  asAgent,
  BRANCH,
  collect,
  git,
  makeAgentProject,
  prepare,
  type AgentProject,
  workspaceOf,
} from './testing/project';

let project: AgentProject;
beforeEach(async () => {
  project = await makeAgentProject({ bubblewrap: false });
  await prepare(project);
});
afterEach(() => project.remove());

describe('collectWork', () => {
  it('commits what is left and says what was done', async () => {
    await asAgent(project, 'printf "Hello\\n" >> README.md; git commit -qam "Say hello"');
    await asAgent(project, 'git mv src/add.js "src/ä b.js"; head -c 9 /dev/zero > zero; rm -f x');
    const work = await collect(project);
    const main = git(project.remote, 'rev-parse', 'main');
    expect(work).toEqual({
      commit: expect.stringMatching(/^[0-9a-f]{40}$/),
      base: main,
      commits: [
        { hash: git(project.mirror, 'rev-parse', `${work.commit}~1`), subject: 'Say hello' },
        { hash: work.commit, subject: 'Say hello' },
      ],
      diffStat: {
        files: 3,
        insertions: 1,
        deletions: 0,
        paths: [
          { path: 'README.md', added: 1, deleted: 0 },
          { path: 'src/ä b.js', added: 0, deleted: 0 },
          { path: 'zero', added: 0, deleted: 0 },
        ],
      },
      changed: true,
      progressed: true,
      unresolved: [],
      skipped: [],
    });
    const { mirror } = project;
    expect(git(mirror, 'log', '-1', '--format=%an %ae|%cn|%B', work.commit)).toBe(
      'Coffee Daemon daemon@example.org|Coffee Daemon|Say hello\n\nRoadmap-Item: 1',
    );
    expect(git(mirror, 'fsck', '--strict', '--connectivity-only')).toBe('');
  });

  it('moves one ref of the mirror', async () => {
    const before = await listRefs(project.mirror);
    await asAgent(project, 'git branch extra; git tag v9; echo 1 > one.txt');
    const { commit } = await collect(project);
    const after = await listRefs(project.mirror);
    expect([...after].filter(([ref]) => !before.has(ref))).toEqual([['refs/attempts/1', commit]]);
    expect(fs.readdirSync(path.dirname(project.mirror)).sort()).toEqual([
      'one.git',
      'one.git.locks',
    ]);
  });

  it('makes no second commit when it is called again', async () => {
    await asAgent(project, 'echo 1 > one.txt');
    const first = await collect(project);
    await expect(collect(project)).resolves.toEqual(first);
    expect(first.commits).toHaveLength(1);
  });

  it('collects what was committed before a kill, with nothing in the mirror yet', async () => {
    await asAgent(project, 'echo 1 > one.txt');
    const first = await collect(project);
    git(project.mirror, 'update-ref', '-d', 'refs/attempts/1');
    fs.mkdirSync(`${project.mirror}.intake-1/objects`, { recursive: true });
    await expect(collect(project)).resolves.toEqual(first);
  });

  it('says that nothing has changed', async () => {
    const work = await collect(project);
    expect(work).toMatchObject({ changed: false, progressed: false, commits: [] });
    expect(work.commit).toBe(work.base);
  });

  it('removes the locks of a git that was killed', async () => {
    await asAgent(project, 'echo 1 > one.txt; touch .git/index.lock .git/HEAD.lock');
    await expect(collect(project)).resolves.toMatchObject({ changed: true });
  });

  it('finds the work on another branch, on none, and behind a checkout of main', async () => {
    await asAgent(project, 'git checkout -qb idea; echo 1 > 1.txt; git add .; git commit -qm One');
    await expect(collect(project)).resolves.toMatchObject({ diffStat: { files: 1 } });
    await asAgent(project, 'git checkout -q --detach; echo 2 > 2.txt');
    await expect(collect(project)).resolves.toMatchObject({ diffStat: { files: 2 } });
    await asAgent(project, `git branch -f ${BRANCH} HEAD; git checkout -q main`);
    await expect(collect(project)).resolves.toMatchObject({ diffStat: { files: 2 } });
  });

  it('does not choose between two places', async () => {
    await asAgent(project, 'echo 1 > 1.txt; git add .; git commit -qm One');
    await asAgent(project, 'git checkout -qb idea main; echo 2 > 2.txt');
    await expect(collect(project)).rejects.toMatchObject({
      code: 'agent_failed',
      message: expect.stringContaining('two places'),
    });
  });

  it('leaves a repository in the repository out', async () => {
    await asAgent(project, 'git init -q vendor/x; cd vendor/x; git commit -q --allow-empty -m x');
    await asAgent(project, 'echo 1 > one.txt');
    await expect(collect(project)).resolves.toMatchObject({
      skipped: ['vendor/x'],
      diffStat: { files: 1, paths: [{ path: 'one.txt', added: 1, deleted: 0 }] },
    });
  });

  it('concludes a message that is odd', async () => {
    await asAgent(project, 'echo 1 > one.txt');
    const message = '# 1. "Say" hello\n\n-F /etc/passwd $(id)\n';
    const { commits, commit } = await collect(project, { message });
    expect(commits[0]?.subject).toBe('# 1. "Say" hello');
    expect(git(project.mirror, 'log', '-1', '--format=%b', commit)).toContain(
      '-F /etc/passwd $(id)',
    );
  });

  it('follows an amended commit', async () => {
    await asAgent(project, 'echo 1 > one.txt; git add .; git commit -qm One');
    await collect(project);
    await asAgent(project, 'git commit -q --amend -m Better');
    const { commits } = await collect(project);
    expect(commits.map(({ subject }) => subject)).toEqual(['Better']);
  });
});

describe('collectWork turns down', () => {
  const refused = async (reason: RegExp, options = {}) => {
    const before = await listRefs(project.mirror);
    const call = collect(project, options);
    await expect(call).rejects.toMatchObject({ code: 'agent_failed' });
    await expect(call).rejects.toThrow(reason);
    expect(await listRefs(project.mirror)).toEqual(before);
  };

  it('a file that is too large, by its name', async () => {
    await asAgent(project, 'head -c 3000000 /dev/zero > huge.bin; git add .; git commit -qm Huge');
    await asAgent(project, 'git rm -q huge.bin; git commit -qm "Without it"');
    await refused(/huge\.bin with 2\.9 MB; the limit is 1\.0 MB/, { maxBlobBytes: 1024 * 1024 });
  });

  it('more than may be read', async () => {
    await asAgent(project, 'head -c 3000000 /dev/urandom > noise.bin');
    await refused(/larger than 1 MB together/, { maxBytes: 1024 * 1024 });
  });

  it('a rewritten history', async () => {
    await asAgent(project, 'git commit -q --amend -m Mine');
    await refused(/rewritten commits/);
  });

  it('a history of its own', async () => {
    await asAgent(project, `git checkout -q --orphan new; git commit -qm New`);
    await asAgent(project, `git branch -M new ${BRANCH}`);
    await refused(/rewritten commits/);
  });

  it('a submodule that the agent has committed', async () => {
    await asAgent(project, 'git init -q sub; cd sub; git commit -q --allow-empty -m x');
    await asAgent(project, 'git add sub 2>/dev/null; git commit -qm Sub');
    await refused(/repository inside the repository: sub/);
  });

  it.each([
    ['100644 blob', 'HEAD:README.md', '.git'],
    ['100644 blob', 'HEAD:README.md', '.GIT'],
    ['100644 blob', 'HEAD:README.md', 'git~1'],
    ['040000 tree', 'HEAD^{tree}', '..'],
    ['120000 blob', 'HEAD:README.md', '.gitmodules'],
    [
      '100644 blob',
      '$(printf "[submodule \\"x\\"]\\nurl = -u./evil\\npath = s" | git hash-object -w --stdin)',
      '.gitmodules',
    ],
  ])('a commit, since taken back, with %s of %s as %s', async (kind, object, name) => {
    await asAgent(
      project,
      `tree=$(printf '${kind} %s\t${name}\n' $(git rev-parse "${object}") | git mktree)
       trick=$(git commit-tree -p HEAD -m Trick $tree)
       git update-ref HEAD $(git commit-tree -p $trick -m Back 'HEAD^{tree}')`,
    );
    await refused(/turned down.*(?:hasDotgit|hasDotdot|gitmodules)/is);
  });

  it('a clone whose .git is gone, without looking further up', async () => {
    fs.rmSync(path.join(workspaceOf(project, '1'), '.git'), { recursive: true });
    git(project.root, 'init', '-q');
    await refused(/not a git repository/);
  });

  it('a clone that lost its objects', async () => {
    await asAgent(project, 'echo 1 > one.txt; git add .; git commit -qm One');
    await asAgent(project, 'rm -rf .git/objects/pack');
    await refused(/failed in the agent’s clone/);
  });

  it('an attempt that was never prepared', async () => {
    await expect(collect(project, { attempt: '99' })).rejects.toMatchObject({ code: 'git_failed' });
  });
});

describe('parseNumstat', () => {
  it('reads renames, binary files and odd names', () => {
    expect(parseNumstat('1\t2\ta\tb\n.txt\0-\t-\tbin\x000\t0\t\0old\0new\0')).toEqual({
      files: 3,
      insertions: 1,
      deletions: 2,
      paths: [
        { path: 'a b .txt', added: 1, deleted: 2 },
        { path: 'bin', added: 0, deleted: 0 },
        { path: 'new', added: 0, deleted: 0 },
      ],
    });
  });
});
