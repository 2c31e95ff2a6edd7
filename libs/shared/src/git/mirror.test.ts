import { mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createFirstCommit } from './create-first-commit';
import { detectDefaultBranch } from './detect-default-branch';
import { ensureMirror } from './ensure-mirror';
import { fetchMirror } from './fetch-mirror';
import { listRefs } from './refs';
import { BRANCH, commit, git, makeProject, type TestProject, write } from './testing/project';
import { tidyMirror } from './tidy-mirror';

let project: TestProject;
beforeEach(async () => (project = await makeProject()));
afterEach(() => project.remove());

describe('ensureMirror', () => {
  it('keeps the mirror that is there', async () => {
    const before = await listRefs(project.mirror);
    await ensureMirror({ folder: project.mirror, url: project.remote });
    expect(before.size).toBeGreaterThan(0);
    expect(await listRefs(project.mirror)).toEqual(before);
  });

  it('makes a half-made one anew', async () => {
    const { mirror, remote } = project;
    rmSync(path.join(mirror, 'objects'), { recursive: true });
    mkdirSync(`${mirror}.making/objects`, { recursive: true });
    await ensureMirror({ folder: mirror, url: remote });
    const fetched = await fetchMirror({ mirror, url: remote });
    expect(fetched.head).toBe(git(remote, 'rev-parse', 'main'));
  });

  it('makes one with empty object files anew, as a power cut leaves them', async () => {
    const { mirror, remote } = project;
    const objects = path.join(mirror, 'objects');
    for (const name of readdirSync(objects, { recursive: true, encoding: 'utf8' })) {
      if (/[0-9a-f]{38}|\.pack$/.test(name)) {
        rmSync(path.join(objects, name));
        writeFileSync(path.join(objects, name), '');
      }
    }
    await ensureMirror({ folder: mirror, url: remote });
    await expect(fetchMirror({ mirror, url: remote })).resolves.toMatchObject({ empty: false });
  });

  it('removes the locks and the unfinished intakes of whoever was killed long ago', async () => {
    const { mirror, remote } = project;
    const longAgo = new Date(Date.now() - 3_600_000);
    for (const name of ['HEAD.lock', 'refs/heads/main.lock', 'packed-refs.lock']) {
      writeFileSync(path.join(mirror, name), '');
      utimesSync(path.join(mirror, name), longAgo, longAgo);
    }
    mkdirSync(`${mirror}.intake-7/objects`, { recursive: true });
    commit(project.person, { 'a.txt': 'a' });
    git(project.person, 'push', '-q', 'origin', 'main');
    await ensureMirror({ folder: mirror, url: remote });
    await expect(fetchMirror({ mirror, url: remote })).resolves.toMatchObject({
      head: git(remote, 'rev-parse', 'main'),
    });
    expect(readdirSync(path.dirname(mirror))).toEqual(['one.git', 'one.git.locks']);
  });

  it('never removes what is not a mirror', async () => {
    await expect(
      ensureMirror({ folder: project.person, url: project.remote }),
    ).rejects.toMatchObject({ code: 'invalid_input' });
    expect(readdirSync(project.person)).toContain('README.md');
  });

  it('can be called by many at once', async () => {
    const folder = path.join(project.root, 'state', 'many.git');
    const calls = Array.from({ length: 4 }, () => ensureMirror({ folder, url: project.remote }));
    await Promise.all(calls);
    await expect(fetchMirror({ mirror: folder, url: project.remote })).resolves.toBeDefined();
  });
});

describe('fetchMirror', () => {
  it('brings the default branch, roadmap branches and tags, and nothing else', async () => {
    const { person, mirror, remote } = project;
    git(person, 'tag', '-a', '-m', 'One', 'v1');
    git(person, 'push', '-q', 'origin', 'main', 'main:secret', `main:${BRANCH}`, 'v1');
    const head = commit(person, { 'a.txt': 'a' });
    git(person, 'push', '-q', 'origin', 'main');
    const fetched = await fetchMirror({ mirror, url: remote });
    const branches = { [BRANCH]: git(person, 'rev-parse', 'HEAD~1') };
    expect(fetched).toEqual({ defaultBranch: 'main', head, empty: false, branches });
    const names = [...(await listRefs(mirror)).keys()];
    expect(names.sort()).toEqual(['refs/heads/main', `refs/heads/${BRANCH}`, 'refs/tags/v1']);
  });

  it('forgets branches that are gone', async () => {
    const { person, mirror, remote } = project;
    git(person, 'push', '-q', 'origin', `main:${BRANCH}`);
    await fetchMirror({ mirror, url: remote });
    git(person, 'push', '-q', 'origin', `:${BRANCH}`);
    await expect(fetchMirror({ mirror, url: remote })).resolves.toMatchObject({ branches: {} });
  });

  it('follows a default branch that was rewritten', async () => {
    const { person, mirror, remote } = project;
    git(person, 'commit', '-q', '--amend', '-m', 'Rewritten');
    git(person, 'push', '-q', '-f', 'origin', 'main');
    const { head } = await fetchMirror({ mirror, url: remote });
    expect(head).toBe(git(person, 'rev-parse', 'HEAD'));
  });

  it('says which branch is missing', async () => {
    const { mirror, remote } = project;
    await expect(
      fetchMirror({ mirror, url: remote, defaultBranch: 'nowhere' }),
    ).rejects.toMatchObject({ code: 'git_failed', hint: 'Check the project’s default branch.' });
  });

  it('says that a repository is not there', async () => {
    const url = path.join(project.root, 'nothing.git');
    await expect(fetchMirror({ mirror: project.mirror, url })).rejects.toMatchObject({
      code: 'git_failed',
      hint: expect.stringContaining('address'),
    });
  });

  it('says what to do about a shallow clone and about SHA-256', async () => {
    const { root, person, mirror } = project;
    commit(person, { 'a.txt': 'a' });
    git(root, 'clone', '-q', '--depth=1', `file://${person}`, 'shallow');
    const shallow = path.join(root, 'shallow');
    await expect(fetchMirror({ mirror, url: shallow })).rejects.toMatchObject({
      code: 'git_failed',
      hint: expect.stringContaining('--unshallow'),
    });
    const modern = path.join(root, 'modern');
    git(root, 'init', '-q', '-b', 'main', '--object-format=sha256', modern);
    commit(modern, { 'a.txt': 'a' });
    await expect(fetchMirror({ mirror, url: modern })).rejects.toMatchObject({
      code: 'git_failed',
      hint: expect.stringContaining('SHA-1'),
    });
  });

  it('takes old histories with harmless flaws', async () => {
    const { person, mirror, remote } = project;
    const tree = git(person, 'rev-parse', 'HEAD^{tree}');
    write(project.root, {
      flawed: `tree ${tree}\nauthor A <a@b> 1 +051800\ncommitter A <a@b> 1 +051800\n\nOld\n`,
    });
    const file = path.join(project.root, 'flawed');
    const old = git(person, 'hash-object', '-t', 'commit', '-w', '--literally', file);
    git(person, 'push', '-q', '-f', 'origin', `${old}:refs/heads/main`);
    await expect(fetchMirror({ mirror, url: remote })).resolves.toMatchObject({ head: old });
  });

  it('still works after the mirror was tidied', async () => {
    const { mirror, remote } = project;
    await tidyMirror({ mirror });
    await expect(fetchMirror({ mirror, url: remote })).resolves.toMatchObject({ empty: false });
  });
});

describe('detectDefaultBranch', () => {
  it('takes what the remote’s HEAD names', async () => {
    const { person, remote, mirror } = project;
    git(person, 'push', '-q', 'origin', 'main:trunk');
    git(remote, 'symbolic-ref', 'HEAD', 'refs/heads/trunk');
    await expect(detectDefaultBranch({ mirror, url: remote })).resolves.toEqual({
      branch: 'trunk',
      empty: false,
    });
  });

  it('takes main, not what a person has checked out just now', async () => {
    const { person, mirror } = project;
    git(person, 'checkout', '-q', '-b', 'an-idea');
    await expect(detectDefaultBranch({ mirror, url: person })).resolves.toEqual({
      branch: 'main',
      empty: false,
    });
  });

  it('finds a branch although HEAD leads nowhere', async () => {
    const { remote, mirror } = project;
    git(remote, 'symbolic-ref', 'HEAD', 'refs/heads/gone');
    await expect(detectDefaultBranch({ mirror, url: remote })).resolves.toMatchObject({
      branch: 'main',
    });
  });
});

describe('a remote without commits', () => {
  it.each([true, false])('is told, and given its first branch once (bare: %s)', async (bare) => {
    const url = path.join(project.root, 'empty');
    const mirror = path.join(project.root, 'state', 'mirrors', 'empty.git');
    git(project.root, 'init', '-q', '-b', 'trunk', ...(bare ? ['--bare'] : []), url);
    await ensureMirror({ folder: mirror, url });
    const fetched = await fetchMirror({ mirror, url });
    expect(fetched).toEqual({ defaultBranch: 'trunk', head: null, empty: true, branches: {} });
    await expect(fetchMirror({ mirror, url, defaultBranch: 'trunk' })).resolves.toEqual(fetched);

    const branch = fetched.defaultBranch;
    await expect(createFirstCommit({ mirror, url, branch })).resolves.toEqual({ kind: 'pushed' });
    await expect(createFirstCommit({ mirror, url, branch })).resolves.toEqual({
      kind: 'unchanged',
    });
    const { head, empty } = await fetchMirror({ mirror, url });
    expect(empty).toBe(false);
    expect(head).toBe(git(url, 'rev-parse', 'trunk'));
  });

  it('keeps what a person has put there meanwhile', async () => {
    const { mirror, remote } = project;
    const main = git(remote, 'rev-parse', 'main');
    await expect(createFirstCommit({ mirror, url: remote, branch: 'main' })).resolves.toEqual({
      kind: 'moved',
      found: main,
    });
  });
});
