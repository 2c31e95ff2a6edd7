import { checkGit } from '@coffee-roadmap/shared/git/check-git';
import type { Finding } from './finding';

const OLDEST_NODE = [20, 9] as const;

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const enough = major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1]);
  return enough
    ? { check: 'node', state: 'ok', message: `Node ${version}` }
    : {
        check: 'node',
        state: 'fail',
        message: `Node ${version} is too old`,
        hint: `Install Node ${OLDEST_NODE.join('.')} or newer: https://nodejs.org`,
      };
}

/** `needed`: a daemon of this machine works with it. */
export async function checkGitProgram(needed: boolean): Promise<Finding> {
  const { available, reason, hint } = await checkGit();
  if (available) return { check: 'git', state: 'ok', message: reason };
  return { check: 'git', state: needed ? 'fail' : 'warn', message: reason, hint };
}
