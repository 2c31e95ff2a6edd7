import { messageOf } from '../errors';
import { runGit } from './run-git';

export interface GitCheck {
  available: boolean;
  /** As git says it, such as `2.39.5`; null when there is no git. */
  version: string | null;
  /** One line for doctor. */
  reason: string;
  hint?: string;
}

/** `git merge-tree --write-tree` came with it. */
const NEEDED = [2, 38] as const;

/** Whether this machine's git can do what the daemon needs. Never throws. */
export async function checkGit(): Promise<GitCheck> {
  const hint = `Install git ${NEEDED.join('.')} or newer.`;
  try {
    return judgeVersion((await runGit(['--version'])).stdout, hint);
  } catch (error) {
    return { available: false, version: null, reason: messageOf(error), hint };
  }
}

/** The answer to a `git --version` line. */
export function judgeVersion(line: string, hint: string): GitCheck {
  const found = /git version ((\d+)\.(\d+)[\w.-]*)/.exec(line);
  if (!found?.[1]) {
    return { available: false, version: null, reason: 'git does not say its version', hint };
  }
  const [major, minor] = [Number(found[2]), Number(found[3])];
  const enough = major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
  const version = found[1];
  return enough
    ? { available: true, version, reason: `git ${version}` }
    : { available: false, version, reason: `git ${version} is too old`, hint };
}
