import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Paths } from '../../config/paths';
import { AppError, messageOf } from '../../errors';
import { changeHookState, readHookState } from './collect-hooks';
import { hookFiles } from './hook-folder';
import { writeHandOver } from './install-git';
import { delegatingScript, gitScript, type GitHook } from './scripts';

/**
 * Git looks into one folder of hooks alone. So for each hook that a repository may have there is one here
 * that runs it. Left out: push-to-checkout, which by being there changes what git does.
 */
const DELEGATED = [
  ...['applypatch-msg', 'pre-applypatch', 'post-applypatch', 'pre-commit', 'pre-merge-commit'],
  ...['prepare-commit-msg', 'commit-msg', 'pre-rebase', 'post-merge', 'pre-push', 'pre-receive'],
  ...['update', 'post-receive', 'post-update', 'reference-transaction', 'pre-auto-gc'],
  ...['post-rewrite', 'sendemail-validate', 'post-index-change'],
];
const RECORDING: readonly GitHook[] = ['post-commit', 'post-checkout'];

/**
 * Makes git run ours in every repository, and each repository's own after all. A repository that sets
 * core.hooksPath itself goes on using that alone. Returns the folder.
 */
export function installGitEverywhere(paths: Paths, command: readonly string[]): string {
  const files = hookFiles(paths);
  const set = globalHooksPath();
  const { everywhere } = readHookState(paths);
  const before = set === files.gitEverywhere ? (everywhere?.before ?? null) : set;
  writeHandOver(paths, command);
  mkdirSync(files.gitEverywhere, { recursive: true, mode: 0o700 });
  for (const hook of DELEGATED) write(files.gitEverywhere, hook, delegatingScript(hook, before));
  for (const hook of RECORDING)
    write(files.gitEverywhere, hook, gitScript(hook, files, { before }));
  changeHookState(paths, (now) => ({ ...now, everywhere: { before } }));
  git(['config', '--global', 'core.hooksPath', files.gitEverywhere]);
  return files.gitEverywhere;
}

/** Puts back what was set before. False: ours was not set. */
export function removeGitEverywhere(paths: Paths): boolean {
  const { gitEverywhere } = hookFiles(paths);
  const { everywhere } = readHookState(paths);
  const isOurs = globalHooksPath() === gitEverywhere;
  if (isOurs) {
    const before = everywhere?.before ?? null;
    if (before === null) git(['config', '--global', '--unset', 'core.hooksPath']);
    else git(['config', '--global', 'core.hooksPath', before]);
  }
  rmSync(gitEverywhere, { recursive: true, force: true });
  changeHookState(paths, ({ everywhere: _everywhere, ...state }) => state);
  return isOurs;
}

/** Null: not installed; false: something else was set since. */
export function gitEverywhereWorks(paths: Paths): boolean | null {
  if (readHookState(paths).everywhere === undefined) return null;
  return globalHooksPath() === hookFiles(paths).gitEverywhere;
}

function globalHooksPath(): string | null {
  const call = ['config', '--global', '--type=path', 'core.hooksPath'];
  const { status, stdout } = spawnSync('git', call, { encoding: 'utf8', timeout: 10_000 });
  const text = stdout?.replace(/\n$/, '') ?? '';
  return status === 0 && text !== '' ? text : null;
}

function git(args: string[]): void {
  const { status, stderr, error } = spawnSync('git', args, { encoding: 'utf8', timeout: 10_000 });
  if (status === 0) return;
  const why = error === undefined ? stderr.trim() : messageOf(error);
  throw new AppError('failed', `git cannot be told: ${why}`, {
    hint: 'git config --global --list shows what it reads.',
  });
}

function write(folder: string, hook: string, script: string): void {
  const file = path.join(folder, hook);
  writeFileSync(file, script);
  chmodSync(file, 0o755);
}
