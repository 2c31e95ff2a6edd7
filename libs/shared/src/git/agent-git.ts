import path from 'node:path';
import { AppError, type ErrorCode } from '../errors';
import type { Sandbox, SandboxCommand, SandboxProcess } from '../sandbox/sandbox';
import { quietEnvironment } from './environment';
import { lastLines } from './failure';
import { identityEnvironment, type Identity } from './message';

/** The agent's clone, and the only way into it. */
export interface AgentClone {
  workspace: string;
  sandbox: Sandbox;
}

export interface AgentGitCall {
  identity?: Identity;
  input?: string;
  allow?: number[];
  timeoutMs?: number;
  /** `agent_failed` where the agent is to blame for what it left; default `git_failed`. */
  blame?: Extract<ErrorCode, 'agent_failed' | 'git_failed'>;
}

/**
 * For smoothness, not for safety: the agent may have hooks that fail and an editor that waits. What
 * its configuration does nevertheless, it does with the agent's rights.
 */
const SETTINGS = [
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'commit.gpgSign=false',
  'gc.auto=0',
  'maintenance.auto=false',
  'advice.addEmbeddedRepo=false',
  'core.quotePath=false',
];

/** A git command in the agent's clone, for `sandbox.run` or `sandbox.spawn`. */
export function agentGit(workspace: string, args: string[], identity?: Identity): SandboxCommand {
  return {
    command: 'git',
    // Named, so that a clone whose .git is gone does not end in a repository further up.
    args: [
      `--git-dir=${path.join(workspace, '.git')}`,
      `--work-tree=${workspace}`,
      ...SETTINGS.flatMap((setting) => ['-c', setting]),
      ...args,
    ],
    cwd: workspace,
    env: { ...quietEnvironment(), ...(identity ? identityEnvironment(identity) : {}) },
  };
}

/** Runs git in the agent's clone, as the agent. What it says is the agent's word: check it. */
export async function runAgentGit(
  { workspace, sandbox }: AgentClone,
  args: string[],
  { identity, allow = [0], blame = 'git_failed', input, timeoutMs = 600_000 }: AgentGitCall = {},
): Promise<{ code: number; stdout: string }> {
  const end = await sandbox.run({ ...agentGit(workspace, args, identity), input, timeoutMs });
  if (end.code === null || !allow.includes(end.code)) {
    throw agentGitFailure(args[0] ?? '', end.stderr, end.code, blame);
  }
  return { code: end.code, stdout: end.stdout.toString('utf8') };
}

export function agentGitFailure(
  verb: string,
  stderr: string,
  code: number | null,
  blame: AgentGitCall['blame'] = 'git_failed',
): AppError {
  const said = lastLines(stderr) || `code ${code ?? 'none'}`;
  return new AppError(blame, `git ${verb} failed in the agent’s clone: ${said}`);
}

/** Hands over the streams of a process and a way to end it in the shape that readToEnd takes. */
export function spawnAgentGit(
  { workspace, sandbox }: AgentClone,
  args: string[],
): { process: SandboxProcess; kill: () => void } {
  const process = sandbox.spawn(agentGit(workspace, args));
  return { process, kill: () => sandbox.signal(process, 'SIGKILL') };
}

/** Removes the locks of git processes that were killed; no process of the agent may be running. */
export async function removeStaleLocks({ workspace, sandbox }: AgentClone): Promise<void> {
  await sandbox.run({
    command: 'find',
    args: [path.join(workspace, '.git'), '-name', '*.lock', '-type', 'f', '-delete'],
    cwd: workspace,
    env: quietEnvironment(),
    timeoutMs: 60_000,
  });
}
