import { closeSync, mkdirSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { AppError, isAppError } from '../errors';
import { agentGitFailure, spawnAgentGit, type AgentClone } from './agent-git';
import { WORK_REF } from './commit-leftovers';
import { PLAIN_FETCH } from './fetch-mirror';
import { readToEnd } from './read-to-end';
import { runGit } from './run-git';

/** Where the work stands in the intake. */
const INTAKE_REF = 'refs/heads/work';

export interface TakeIn extends AgentClone {
  mirror: string;
  attempt: string;
  /** What the mirror has already. */
  known: string[];
  maxBytes: number;
}

/**
 * Takes the agent's commits into a repository of their own that only borrows the mirror's objects,
 * and gives its folder to `judge`. What is turned down never touches the mirror.
 */
export async function takeIn<T>(
  options: TakeIn,
  judge: (intake: string) => Promise<T>,
): Promise<T> {
  const { mirror, attempt } = options;
  const intake = `${mirror}.intake-${attempt}`;
  rmSync(intake, { recursive: true, force: true });
  mkdirSync(intake, { recursive: true, mode: 0o700 });
  try {
    await runGit(['init', '--quiet', '--bare', '--template=', '--', intake]);
    mkdirSync(path.join(intake, 'objects/info'), { recursive: true });
    writeFileSync(
      path.join(intake, 'objects/info/alternates'),
      `${path.join(mirror, 'objects')}\n`,
    );
    const bundle = path.join(intake, 'work.bundle');
    await receiveBundle(options, bundle);
    await unpack(intake, bundle);
    return await judge(intake);
  } finally {
    rmSync(intake, { recursive: true, force: true });
  }
}

/** Moves judged work from the intake into the mirror, under one ref. */
export async function acceptFromIntake(intake: string, mirror: string, ref: string): Promise<void> {
  await runGit([...PLAIN_FETCH, '--no-tags', '--', intake, `+${INTAKE_REF}:${ref}`], {
    gitDir: mirror,
    env: { GIT_ALLOW_PROTOCOL: 'file' },
    timeoutMs: 600_000,
  });
}

async function receiveBundle({ known, maxBytes, ...clone }: TakeIn, file: string): Promise<void> {
  const args = ['bundle', 'create', '--quiet', '--version=2', '-', WORK_REF];
  const target = openSync(file, 'wx', 0o600);
  try {
    const { process, kill } = spawnAgentGit(clone, [...args, ...known.map((hash) => `^${hash}`)]);
    process.stdin.on('error', () => undefined);
    process.stdin.end();
    const end = await readToEnd(process, {
      timeoutMs: 30 * 60_000,
      maxBytes,
      kill,
      onData: (chunk) => writeSync(target, chunk),
    });
    if (end.tooLong) {
      const limit = `${Math.floor(maxBytes / 1024 / 1024)} MB`;
      throw new AppError('agent_failed', `the agent’s commits are larger than ${limit} together`, {
        hint: 'Large or generated files do not belong into the repository; list them in .gitignore.',
      });
    }
    if (end.code !== 0) throw agentGitFailure('bundle', end.stderr, end.code, 'agent_failed');
  } finally {
    closeSync(target);
  }
}

/** Every object is checked on its way in: paths like `.git`, broken trees, hostile submodules. */
async function unpack(intake: string, bundle: string): Promise<void> {
  try {
    await runGit([...PLAIN_FETCH, '--no-tags', '--', bundle, `+${WORK_REF}:${INTAKE_REF}`], {
      gitDir: intake,
      env: { GIT_ALLOW_PROTOCOL: 'file' },
      timeoutMs: 600_000,
    });
  } catch (error) {
    if (!isAppError(error) || /no space left/i.test(error.message)) throw error;
    throw new AppError('agent_failed', `the agent’s commits were turned down: ${error.message}`, {
      cause: error,
    });
  }
}
