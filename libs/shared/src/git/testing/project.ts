import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openSandbox } from '../../sandbox/open-sandbox';
import type { Sandbox, SandboxCommand } from '../../sandbox/sandbox';
import { collectWork, type CollectedWork, type CollectWork } from '../collect-work';
import { quietEnvironment } from '../environment';
import { ensureMirror } from '../ensure-mirror';
import { fetchMirror } from '../fetch-mirror';
import { prepareWorkspace, type PreparedWorkspace } from '../prepare-workspace';

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
  remove(): void;
}

export interface AgentProject extends TestProject {
  sandbox: Sandbox;
}

let template: Promise<TestProject> | undefined;
afterAll(async () => (await template)?.remove());

/** A remote with one commit on main, a person's clone of it, and a daemon's mirror. */
export async function makeProject(): Promise<TestProject> {
  template ??= makeTemplate();
  const project = placesIn(makeRoot());
  cpSync((await template).root, project.root, { recursive: true });
  return project;
}

/** The same with a sandbox. `bubblewrap` false: only another uid. */
export async function makeAgentProject(
  options: { bubblewrap?: boolean } = {},
): Promise<AgentProject> {
  const project = await makeProject();
  return { ...project, sandbox: await openMarked(project.root, options.bubblewrap) };
}

function placesIn(root: string): TestProject {
  return {
    root,
    person: path.join(root, 'person'),
    remote: path.join(root, 'remote with space.git'),
    mirror: path.join(root, 'state', 'mirrors', 'one.git'),
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

async function makeTemplate(): Promise<TestProject> {
  const project = placesIn(makeRoot());
  const { root, person, remote, mirror } = project;
  git(root, 'init', '-q', '--template=', '-b', 'main', person);
  commit(person, { 'README.md': '# Sample\n', 'src/add.js': 'exports.add = 1;\n' }, 'Begin');
  git(root, 'clone', '-q', '--template=', '--bare', '--no-local', person, remote);
  git(person, 'remote', 'add', 'origin', '../remote with space.git');
  await ensureMirror({ folder: mirror, url: remote });
  await fetchMirror({ mirror, url: remote });
  return project;
}

/** The real sandbox; what runs in it can be told by IN_SANDBOX in its environment. */
async function openMarked(root: string, bubblewrap?: boolean): Promise<Sandbox> {
  const hide = [path.join(root, 'state')];
  const sandbox = await openSandbox({ root: path.join(root, 'work'), hide, bubblewrap });
  const marked = <C extends SandboxCommand>(command: C): C => ({
    ...command,
    env: { ...command.env, IN_SANDBOX: 'yes' },
  });
  return {
    ...sandbox,
    run: (command) => sandbox.run(marked(command)),
    spawn: (command) => sandbox.spawn(marked(command)),
  };
}

export function makeRoot(): string {
  const root = mkdtempSync(path.join(tmpdir(), 'coffee-git-'));
  chmodSync(root, 0o711);
  return root;
}

export function workspaceOf(project: AgentProject, attempt: string): string {
  return path.join(project.sandbox.root, attempt);
}

export function prepare(project: AgentProject, attempt = '1'): Promise<PreparedWorkspace> {
  const { mirror, sandbox } = project;
  const workspace = workspaceOf(project, attempt);
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
  project: AgentProject,
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
  project: AgentProject,
  script: string,
  attempt = '1',
): Promise<string> {
  const cwd = workspaceOf(project, attempt);
  const env = {
    PATH: quietEnvironment().PATH!,
    HOME: cwd,
    GIT_AUTHOR_NAME: 'Agent',
    GIT_AUTHOR_EMAIL: 'agent@example.org',
    GIT_COMMITTER_NAME: 'Agent',
    GIT_COMMITTER_EMAIL: 'agent@example.org',
  };
  const end = await project.sandbox.run({ command: 'sh', args: ['-ec', script], cwd, env });
  if (end.code !== 0) throw new Error(`the agent's script failed: ${end.stderr}`);
  return end.stdout.toString('utf8').trim();
}
