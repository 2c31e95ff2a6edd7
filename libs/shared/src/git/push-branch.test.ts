import { chmodSync, chownSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { passEnvironmentToGit, quietEnvironment } from './environment';
import { ensureMirror } from './ensure-mirror';
import { fetchMirror } from './fetch-mirror';
import { parsePushReport } from './push-ref';
import { pushBranch } from './push-branch';
import { serveOverHttp, type HttpRemote } from './testing/http-remote';
import { BRANCH, commit, git, makeProject, type TestProject, write } from './testing/project';

let project: TestProject;
let work: string;
beforeEach(async () => {
  project = await makeProject();
  work = commitInMirror('Work');
});
afterEach(() => project.remove());

/** A commit that only the mirror has. */
function commitInMirror(subject: string, parent = 'main'): string {
  return git(project.mirror, 'commit-tree', '-p', parent, '-m', subject, `${parent}^{tree}`);
}

const push = (options: Partial<Parameters<typeof pushBranch>[0]> = {}) =>
  pushBranch({
    mirror: project.mirror,
    url: project.remote,
    branch: BRANCH,
    commit: work,
    expected: null,
    retryDelaysMs: [1, 1],
    ...options,
  });

const onRemote = (repository = project.remote) =>
  git(repository, 'rev-parse', `refs/heads/${BRANCH}`);

describe('pushBranch', () => {
  it('shows the work, once', async () => {
    await expect(push()).resolves.toEqual({ kind: 'pushed', commit: work });
    await expect(push()).resolves.toEqual({ kind: 'already_pushed', commit: work });
    expect(onRemote()).toBe(work);
  });

  it('moves a branch on, and sets back only what it was told of', async () => {
    await push();
    const more = commitInMirror('More', work);
    await expect(push({ commit: more, expected: work })).resolves.toMatchObject({ kind: 'pushed' });
    await expect(push({ commit: work, expected: more })).resolves.toMatchObject({ kind: 'pushed' });
    expect(onRemote()).toBe(work);
  });

  it('does not overwrite what somebody else has pushed', async () => {
    const theirs = commit(project.person, { 'theirs.txt': 't' });
    git(project.person, 'push', '-q', 'origin', `HEAD:${BRANCH}`);
    await expect(push()).resolves.toEqual({ kind: 'moved', found: theirs });
    await expect(push({ expected: work })).resolves.toEqual({ kind: 'moved', found: theirs });
    expect(onRemote()).toBe(theirs);
  });

  it('says that a branch it expected is gone', async () => {
    await expect(push({ expected: git(project.remote, 'rev-parse', 'main') })).resolves.toEqual({
      kind: 'moved',
      found: null,
    });
  });

  it('passes on why the remote refuses, without terminal escapes', async () => {
    const hook = path.join(project.remote, 'hooks', 'pre-receive');
    write(project.remote, {
      'hooks/pre-receive': '#!/bin/sh\nprintf "No \\033[31mpushing\\n"; exit 1\n',
    });
    chmodSync(hook, 0o755);
    await expect(push()).resolves.toEqual({
      kind: 'refused',
      reason: 'pre-receive hook declined: No  [31mpushing',
    });
  });

  it('is refused where a branch stands in the way, and does not try for ever', async () => {
    git(project.remote, 'branch', 'roadmap', 'main');
    await expect(push()).resolves.toMatchObject({ kind: 'refused' });
  });

  it('pushes only roadmap branches', async () => {
    await expect(push({ branch: 'main' })).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(push({ branch: 'roadmap/../main' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
    await expect(push({ commit: '--all' })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  it('makes two daemons with different mirrors agree', async () => {
    const other = path.join(project.root, 'state', 'other.git');
    await ensureMirror({ folder: other, url: project.remote });
    await fetchMirror({ mirror: other, url: project.remote });
    const theirs = git(other, 'commit-tree', '-p', 'main', '-m', 'Other', 'main^{tree}');
    const ends = await Promise.all([push(), push({ mirror: other, commit: theirs })]);
    expect(ends.map(({ kind }) => kind).sort()).toEqual(['moved', 'pushed']);
  });
});

describe('pushBranch to a person’s own repository', () => {
  const here = () => ({ url: project.person });

  it('adds the branch and leaves the working tree', async () => {
    write(project.person, { 'README.md': 'being edited' });
    await expect(push(here())).resolves.toMatchObject({ kind: 'pushed' });
    expect(git(project.person, 'status', '--porcelain')).toBe('M README.md');
  });

  it('says what to do when the branch is checked out with changes', async () => {
    git(project.person, 'checkout', '-q', '-b', BRANCH);
    write(project.person, { 'README.md': 'being edited' });
    const expected = git(project.person, 'rev-parse', 'HEAD');
    await expect(push({ ...here(), expected })).resolves.toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/checked out in .* commit or stash them there/),
    });
  });

  const asRoot = process.getuid?.() === 0 ? it : it.skip;
  asRoot('leaves files of its owner’s behind, although the daemon is root', async () => {
    const owner = 54_322;
    const all = () => readdirSync(project.person, { recursive: true, encoding: 'utf8' });
    for (const name of ['', ...all()]) chownSync(path.join(project.person, name), owner, owner);
    await expect(push(here())).resolves.toMatchObject({ kind: 'pushed' });
    const more = commitInMirror('More', work);
    await expect(push({ ...here(), commit: more, expected: work })).resolves.toMatchObject({
      kind: 'pushed',
    });
    await fetchMirror({ mirror: project.mirror, url: project.person });
    const foreign = all().filter((name) => statSync(path.join(project.person, name)).uid !== owner);
    expect(foreign).toEqual([]);
  });
});

describe('pushBranch over http', () => {
  let server: HttpRemote;
  const token = 's3cret-token';
  beforeEach(async () => (server = await serveOverHttp(project.remote, `daemon:${token}`)));
  afterEach(() => server.close());

  const credential = () => {
    const tokenFile = path.join(project.root, 'a token');
    writeFileSync(tokenFile, `${token}\r\n`);
    return { kind: 'token' as const, username: 'daemon', tokenFile };
  };

  it('logs in with the token of a file', async () => {
    const options = { url: server.url, credential: credential() };
    await expect(push(options)).resolves.toMatchObject({ kind: 'pushed' });
    await expect(fetchMirror({ mirror: project.mirror, ...options })).resolves.toMatchObject({
      branches: { [BRANCH]: work },
    });
  });

  it('says that a credential is missing, and never asks', async () => {
    const call = push({ url: server.url });
    await expect(call).rejects.toMatchObject({
      code: 'git_failed',
      hint: expect.stringContaining('token file'),
    });
  });

  it('says that a token is wrong, without repeating it', async () => {
    const wrong = credential();
    writeFileSync(wrong.tokenFile, 'not-the-token\n');
    const call = push({ url: server.url, credential: wrong });
    await expect(call).rejects.toMatchObject({ code: 'git_failed' });
    await expect(call).rejects.not.toThrow(/not-the-token/);
    const missing = { ...wrong, tokenFile: '/nowhere' };
    await expect(push({ url: server.url, credential: missing })).rejects.toMatchObject({
      code: 'not_configured',
    });
  });

  it('does not give the token to a host to which the remote redirects', async () => {
    const other = await serveOverHttp(project.remote, `daemon:${token}`);
    server.redirectTo = new URL(other.url).origin;
    await expect(push({ url: server.url, credential: credential() })).rejects.toMatchObject({
      code: 'git_failed',
    });
    expect(other.authorizations.length).toBeGreaterThan(0);
    expect(other.authorizations.filter(Boolean)).toEqual([]);
    await other.close();
  });

  it('tries again when the server is busy', async () => {
    server.failures.push(503, 502);
    await expect(push({ url: server.url, credential: credential() })).resolves.toMatchObject({
      kind: 'pushed',
    });
  });

  it('gives up after a while, and says that trying later may help', async () => {
    await server.close();
    await expect(push({ url: server.url })).rejects.toMatchObject({ code: 'not_reachable' });
  });
});

describe('pushBranch over ssh', () => {
  afterEach(() => passEnvironmentToGit({}));

  it('uses the key, and only that', async () => {
    // ssh itself is somebody else's; this one notes how it was called and serves the repository.
    const ssh = `#!/bin/sh\necho "$@" > '${project.root}/called'\nfor last; do :; done\nexec sh -c "$last"\n`;
    write(project.root, { 'bin/ssh': ssh, 'a key': 'secret' });
    chmodSync(path.join(project.root, 'bin/ssh'), 0o755);
    passEnvironmentToGit({ PATH: `${project.root}/bin:${quietEnvironment().PATH}` });
    const keyFile = path.join(project.root, 'a key');
    const url = `ssh://git@example.org:2222${project.remote.replaceAll(' ', '%20')}`;
    const options = { url, credential: { kind: 'ssh-key' as const, keyFile } };
    await expect(push(options)).resolves.toMatchObject({ kind: 'pushed' });
    const called = readFileSync(path.join(project.root, 'called'), 'utf8');
    expect(called).toContain(`-F /dev/null -i ${keyFile} -o BatchMode=yes`);
    expect(called).toContain('-o IdentitiesOnly=yes -o IdentityAgent=none');
    expect(called).toContain('-p 2222 git@example.org git-receive-pack');
  });
});

describe('parsePushReport', () => {
  it('finds the line of its ref', () => {
    const report =
      'To /x\n!\tabc:refs/heads/a\t[rejected] (stale info)\n=\tabc:refs/heads/b\t[up to date]\nDone\n';
    expect(parsePushReport(report, 'refs/heads/a')).toEqual({ flag: '!', reason: 'stale info' });
    expect(parsePushReport(report, 'refs/heads/b')?.flag).toBe('=');
    expect(parsePushReport(report, 'refs/heads/c')).toBeUndefined();
  });
});
