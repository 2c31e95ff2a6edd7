import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const AS_TESTER = ['-c', 'user.name=Test', '-c', 'user.email=test@example.invalid'];

/** A bare repository at `<folder>.git` with one commit on main; its working tree is `<folder>-seed`. */
export function makeRepository(folder: string, files: Record<string, string>): string {
  const bare = `${folder}.git`;
  const tree = `${folder}-seed`;
  mkdirSync(tree, { recursive: true });
  gitIn(tree, 'init', '--quiet', '--initial-branch=main');
  commitFiles(tree, 'Begin', files);
  gitIn(tree, 'clone', '--quiet', '--bare', tree, bare);
  return bare;
}

/** Writes the files and commits all that is new in the working tree. */
export function commitFiles(tree: string, subject: string, files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(tree, name)), { recursive: true });
    writeFileSync(path.join(tree, name), text);
  }
  gitIn(tree, 'add', '-A');
  gitIn(tree, 'commit', '--quiet', '-m', subject);
}

/** A person's git in a working tree. */
export function gitIn(tree: string, ...args: string[]): string {
  return execFileSync('git', [...AS_TESTER, ...args], {
    cwd: tree,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();
}

/** What a repository says, for assertions. */
export function git(repository: string, ...args: string[]): string {
  return execFileSync('git', ['--git-dir', repository, ...args], { encoding: 'utf8' }).trim();
}
