import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { AppError } from '../errors';
import { quietEnvironment } from './environment';
import { gitFailure } from './failure';
import { readToEnd } from './read-to-end';

export interface GitCall {
  /** The repository; without it git runs outside of any. Never a folder that an agent may write. */
  gitDir?: string;
  /** Only for repositories that we have just made ourselves. */
  workTree?: string;
  /** Default: the repository itself, or `/`. */
  cwd?: string;
  env?: Record<string, string>;
  /** Settings in addition to, and stronger than, ours: `[name, value]`. */
  config?: [string, string][];
  input?: string | Buffer;
  /** Default 2 minutes. */
  timeoutMs?: number;
  /** Most of stdout that is taken; default 64 MiB. More ends the call with an error. */
  maxBytes?: number;
  /** Ends git, as by a timeout. */
  signal?: AbortSignal;
  /** Exit codes that are answers and not errors; default only 0. */
  allow?: number[];
}

export interface GitResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Stronger than anything that a repository's own configuration may say. */
const SETTINGS: [string, string][] = [
  ['core.hooksPath', '/dev/null'],
  ['core.fsmonitor', 'false'],
  ['core.attributesFile', '/dev/null'],
  ['core.excludesFile', '/dev/null'],
  ['core.protectHFS', 'true'],
  ['core.protectNTFS', 'true'],
  ['credential.helper', ''],
  ['protocol.ext.allow', 'never'],
  ['fetch.fsckObjects', 'true'],
  ['transfer.fsckObjects', 'true'],
  ['fetch.recurseSubmodules', 'false'],
  ['submodule.recurse', 'false'],
  ['push.recurseSubmodules', 'no'],
  ['gc.auto', '0'],
  ['maintenance.auto', 'false'],
  ['log.showSignature', 'false'],
  ['rerere.enabled', 'false'],
  ['http.lowSpeedLimit', '1000'],
  ['http.lowSpeedTime', '60'],
];

/**
 * Runs git to its end, in a repository of ours, deaf to every configuration and hook but our own.
 * Throws `git_failed`, `not_reachable` (another try may help) or `not_configured` (no git here).
 */
export async function runGit(args: string[], call: GitCall = {}): Promise<GitResult> {
  call.signal?.throwIfAborted();
  const child = spawnGit(args, call);
  const stop = (): void => endGit(child);
  call.signal?.addEventListener('abort', stop);
  const verb = args[0] ?? '';
  child.stdin.on('error', () => undefined);
  child.stdin.end(call.input ?? '');
  const end = await readToEnd(child, {
    timeoutMs: call.timeoutMs ?? 120_000,
    maxBytes: call.maxBytes ?? 64 * 1024 * 1024,
    kill: stop,
  })
    .catch((error: NodeJS.ErrnoException) => {
      throw missingOr(error);
    })
    .finally(() => call.signal?.removeEventListener('abort', stop));
  call.signal?.throwIfAborted();
  if (end.tooLong) throw new AppError('git_failed', `git ${verb} said more than can be read`);
  if (end.timedOut || end.code === null || !(call.allow ?? [0]).includes(end.code)) {
    throw gitFailure({ verb, stderr: end.stderr, code: end.code, timedOut: end.timedOut });
  }
  return { code: end.code, stdout: end.stdout.toString('utf8'), stderr: end.stderr };
}

/** The same as a process whose streams the caller reads; `endGit` ends it. */
export function spawnGit(
  args: string[],
  call: GitCall = {},
): ChildProcessByStdio<Writable, Readable, Readable> {
  const settings = [...SETTINGS, ...(call.config ?? [])];
  const where = [
    ...(call.gitDir ? [`--git-dir=${call.gitDir}`] : []),
    ...(call.workTree ? [`--work-tree=${call.workTree}`] : []),
  ];
  return spawn('git', [...where, ...settings.flatMap(([k, v]) => ['-c', `${k}=${v}`]), ...args], {
    cwd: call.cwd ?? call.workTree ?? call.gitDir ?? '/',
    env: { ...quietEnvironment(), GIT_CEILING_DIRECTORIES: '/', ...call.env },
    stdio: ['pipe', 'pipe', 'pipe'],
    // A group of its own: ssh and git-remote-https are its children and end with it.
    detached: true,
  });
}

export function endGit(child: { pid?: number }): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

function missingOr(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ENOENT' || error.path !== 'git') return error;
  return new AppError('not_configured', 'git was not found', {
    hint: 'Install git 2.38 or newer, or the folder that git is to work in is missing.',
    cause: error,
  });
}
