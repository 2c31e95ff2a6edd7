import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Sandbox } from '../../sandbox/sandbox';
import { collectWork, type CollectedWork, type CollectWork } from '../collect-work';
import { quietEnvironment } from '../environment';
import { ensureMirror } from '../ensure-mirror';
import { fetchMirror } from '../fetch-mirror';
import { prepareWorkspace, type PreparedWorkspace } from '../prepare-workspace';
import { childSandbox } from './child-sandbox';

export const PERSON = { name: 'Ada', email: 'ada@example.org' };
export const DAEMON = { name: 'Coffee Daemon', email: 'daemon@example.org' };
export const BRANCH = 'roadmap/1-say-hello';

/** Plain git, as a person types it; `-c` and all. Throws with git's stderr. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', args, {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: quietEnvironment().PATH,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_AUTHOR_NAME: PERSON.name,
      GIT_AUTHOR_EMAIL: PERSON.email,
      GIT_COMMITTER_NAME: PERSON.name,
      GIT_COMMITTER_EMAIL: PERSON.email,
    },
  }).trim();
}

/** Writes files and commits them in a working repository. Returns the hash. */
export function commit(folder: string, files: Record<string, string>, subject = 'Change'): string {
  write(folder, files);
  git(folder, 'add', '-A');
  git(folder, 'commit', '-q', '-m', subject);
  return git(folder, 'rev-parse', 'HEAD');
}

export function write(folder: string, files: Record<string, string>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
}

export interface TestProject {
  root: string;
  /** A person's clone of `remote`, on main. */
  person: string;
  /** Bare. */
  remote: string;
  mirror: string;
  sandbox: Sandbox;
  remove(): void;
}

/** A remote with one commit on main, a person's clone of it, and a daemon's mirror. */
export async function makeProject(): Promise<TestProject> {
  const root = makeRoot();
  const person = path.join(root, 'person');
  const remote = path.join(root, 'remote with space.git');
  const mirror = path.join(root, 'state', 'mirrors', 'one.git');
  git(root, 'init', '-q', '-b', 'main', person);
  commit(person, { 'README.md': '# Sample\n', 'src/add.js': 'exports.add = 1;\n' }, 'Begin');
  git(root, 'clone', '-q', '--bare', person, remote);
  git(person, 'remote', 'add', 'origin', remote);
  await ensureMirror({ folder: mirror, url: remote });
  await fetchMirror({ mirror, url: remote });
  const remove = () => rmSync(root, { recursive: true, force: true });
  return { root, person, remote, mirror, sandbox: childSandbox(), remove };
}

export function makeRoot(): string {
  const root = mkdtempSync(path.join(tmpdir(), 'coffee-git-'));
  chmodSync(root, 0o711);
  return root;
}

export function workspaceOf(project: TestProject, attempt: string): string {
  return path.join(project.root, 'workspaces', attempt);
}

export function prepare(project: TestProject, attempt = '1'): Promise<PreparedWorkspace> {
  const { mirror, sandbox } = project;
  const workspace = workspaceOf(project, attempt);
  mkdirSync(path.dirname(workspace), { recursive: true });
  chmodSync(path.dirname(workspace), 0o711);
  return prepareWorkspace({
    mirror,
    sandbox,
    workspace,
    attempt,
    branch: BRANCH,
    base: 'main',
    identity: DAEMON,
  });
}

export function collect(
  project: TestProject,
  options: Partial<CollectWork> = {},
): Promise<CollectedWork> {
  const { mirror, sandbox } = project;
  const attempt = options.attempt ?? '1';
  return collectWork({
    mirror,
    sandbox,
    workspace: workspaceOf(project, attempt),
    attempt,
    branch: BRANCH,
    message: 'Say hello',
    trailers: [['Roadmap-Item', '1']],
    identity: DAEMON,
    ...options,
  });
}

/** Runs a shell script in the agent's clone, as the agent. Throws with what it said. */
export async function asAgent(
  project: TestProject,
  script: string,
  attempt = '1',
): Promise<string> {
  const cwd = workspaceOf(project, attempt);
  const env = { PATH: quietEnvironment().PATH, HOME: cwd };
  const end = await project.sandbox.run({ command: 'sh', args: ['-ec', script], cwd, env });
  if (end.code !== 0) throw new Error(`the agent's script failed: ${end.stderr}`);
  return end.stdout.toString('utf8').trim();
}

export function contentOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
