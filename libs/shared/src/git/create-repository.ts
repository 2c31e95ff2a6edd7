import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { branchRef } from './branch-name';
import { commitMessage, identityEnvironment, type Identity } from './message';
import { runGit } from './run-git';

export interface NewCommit {
  message: string;
  /** Path → content; a path of an earlier commit is overwritten. */
  files: Record<string, string>;
}

/**
 * Makes a working repository in an empty folder. `at` (seconds since 1970) dates every commit, so
 * that the same input gives the same hashes.
 */
export async function createRepository({
  folder,
  branch,
  identity,
  at,
  commits,
}: {
  folder: string;
  branch: string;
  identity: Identity;
  at: number;
  commits: NewCommit[];
}): Promise<void> {
  branchRef(branch);
  const inside = { gitDir: path.join(folder, '.git'), workTree: folder };
  await runGit(['init', '--quiet', '--template=', `--initial-branch=${branch}`, '--', folder]);
  for (const { message, files } of commits) {
    for (const [name, content] of Object.entries(files)) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
    }
    await runGit(['add', '--all'], inside);
    await runGit(['commit', '--quiet', '--no-verify', '--cleanup=whitespace', '--file=-'], {
      ...inside,
      env: identityEnvironment(identity, at),
      input: commitMessage(message),
    });
  }
}
