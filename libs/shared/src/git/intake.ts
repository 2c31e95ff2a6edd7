import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../errors';
import { agentGitFailure, spawnAgentGit, type AgentClone } from './agent-git';
import { gitFailure, lastLines } from './failure';
import { PLAIN_FETCH } from './fetch-mirror';
import { endedEarly, pipePack } from './pipe-pack';
import { endGit, runGit, spawnGit } from './run-git';

export interface TakeIn extends AgentClone {
  mirror: string;
  attempt: string;
  /** As the agent names it. */
  tip: string;
  /** What the mirror has already. */
  known: string[];
  maxBytes: number;
}

/**
 * Takes the agent's commits into a repository of their own that only borrows the mirror's objects,
 * and gives its folder to `judge`. What is turned down never touches the mirror.
 *
 * A pack and not a bundle: git checks the objects of a pack on their way in, and refuses a pack that
 * grows too large; it does neither with a bundle.
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
    const alternates = path.join(intake, 'objects/info/alternates');
    mkdirSync(path.dirname(alternates), { recursive: true });
    writeFileSync(alternates, `${path.join(mirror, 'objects')}\n`);
    await receive(options, intake);
    return await judge(intake);
  } finally {
    rmSync(intake, { recursive: true, force: true });
  }
}

/** Moves a judged commit from the intake into the mirror, under one ref. */
export async function acceptFromIntake(
  intake: string,
  mirror: string,
  commit: string,
  ref: string,
): Promise<void> {
  await runGit(['update-ref', 'refs/heads/work', commit], { gitDir: intake });
  await runGit([...PLAIN_FETCH, '--no-tags', '--', intake, `+refs/heads/work:${ref}`], {
    gitDir: mirror,
    env: { GIT_ALLOW_PROTOCOL: 'file' },
    timeoutMs: 600_000,
  });
}

/** `--strict`: paths like `.git`, broken trees and hostile submodules do not come in. */
async function receive(options: TakeIn, intake: string): Promise<void> {
  const { tip, known, maxBytes } = options;
  const process = spawnGit(
    ['index-pack', '--stdin', '--fix-thin', '--strict', `--max-input-size=${maxBytes}`],
    { gitDir: intake },
  );
  const { packed, unpacked } = await pipePack(
    spawnAgentGit(options, ['pack-objects', '--revs', '--thin', '--stdout', '-q']),
    { process, kill: () => endGit(process) },
    [tip, ...known.map((commit) => `^${commit}`)],
  );
  if (/maximum allowed size/.test(unpacked.stderr)) {
    const limit = `${Math.floor(maxBytes / 1024 / 1024)} MB`;
    throw new AppError('agent_failed', `the agent’s commits are larger than ${limit} together`, {
      hint: 'Large or generated files do not belong into the repository; list them in .gitignore.',
    });
  }
  if (unpacked.code === 0) return;
  if (endedEarly(unpacked)) {
    throw agentGitFailure('pack-objects', packed.stderr, packed.code, 'agent_failed');
  }
  if (/no space left/i.test(unpacked.stderr)) throw gitFailure({ verb: 'index-pack', ...unpacked });
  const said = lastLines(unpacked.stderr);
  throw new AppError('agent_failed', `the agent’s commits were turned down: ${said}`);
}
