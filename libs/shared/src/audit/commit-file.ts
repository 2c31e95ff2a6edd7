import path from 'node:path';
import { commitMessage, identityEnvironment } from '../git/message';
import { runGit } from '../git/run-git';

const AUTHOR = { name: 'Coffee Roadmap', email: 'audit@coffee-roadmap.invalid' };

/**
 * Commits this one file in the repository around it, and nothing else that is changed or staged there.
 * Hooks do not run. Returns the commit. Throws `git_failed` where there is no repository.
 */
export async function commitFile(file: string, subject: string): Promise<string> {
  const cwd = path.dirname(path.resolve(file));
  const name = `./${path.basename(file)}`;
  await runGit(['add', '--force', '--', name], { cwd });
  await runGit(['commit', '--quiet', '--only', '-F', '-', '--', name], {
    cwd,
    env: identityEnvironment(AUTHOR, Math.floor(Date.now() / 1000)),
    input: commitMessage(subject),
  });
  return (await runGit(['rev-parse', 'HEAD'], { cwd })).stdout.trim();
}
