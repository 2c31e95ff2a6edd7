import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { ensurePrivateFolder, type Paths } from '../../config/paths';
import { writePrivateText } from '../../config/private-file';
import { AppError } from '../../errors';
import { changeHookState } from './collect-hooks';
import { hookFiles } from './hook-folder';
import { BEFORE, GIT_MARK, gitScript, handOverScript } from './scripts';

const HOOKS = ['post-commit', 'post-checkout'] as const;

/** The folder of the hooks that git runs there. Throws `invalid_input` where no repository is. */
export function hooksFolderOf(repository: string): string {
  const call = ['-C', repository, 'rev-parse', '--git-path', 'hooks'];
  const { status, stdout } = spawnSync('git', call, { encoding: 'utf8', timeout: 10_000 });
  if (status === 0) return path.resolve(repository, stdout.replace(/\n$/, ''));
  throw new AppError('invalid_input', `${repository} is in no git repository`, {
    hint: 'Name one, or do it there: coffee-roadmap hooks install git FOLDER.',
  });
}

/** `command`: how this program is started, for the hand-over. Hooks that are there go on working. */
export function installGit(paths: Paths, repository: string, command: readonly string[]): string {
  const files = hookFiles(paths);
  const folder = hooksFolderOf(repository);
  if (folder === files.gitEverywhere)
    throw new AppError('conflict', 'all repositories have these hooks already', {
      hint: 'coffee-roadmap hooks remove git --global takes them away.',
    });
  writeHandOver(paths, command);
  mkdirSync(folder, { recursive: true });
  for (const hook of HOOKS) {
    const file = path.join(folder, hook);
    if (existsSync(file) && !isOurs(file)) renameSync(file, `${file}${BEFORE}`);
    writeFileSync(file, gitScript(hook, files));
    chmodSync(file, 0o755);
  }
  changeHookState(paths, (state) => ({
    ...state,
    repositories: [...new Set([...(state.repositories ?? []), folder])].sort(),
  }));
  return folder;
}

/** The script that hooks start to send what they recorded. */
export function writeHandOver(paths: Paths, command: readonly string[]): void {
  const files = hookFiles(paths);
  ensurePrivateFolder(files.folder);
  writePrivateText(files.handOver, handOverScript(files.folder, command));
}

/** Puts back what was there before. False: ours was not there. */
export function removeGit(paths: Paths, folder: string): boolean {
  let removed = false;
  for (const hook of HOOKS) {
    const file = path.join(folder, hook);
    if (!isOurs(file)) continue;
    removed = true;
    if (existsSync(`${file}${BEFORE}`)) renameSync(`${file}${BEFORE}`, file);
    else rmSync(file);
  }
  changeHookState(paths, (state) => ({
    ...state,
    repositories: (state.repositories ?? []).filter((known) => known !== folder),
  }));
  return removed;
}

/** Whether both hooks of ours are where git looks for them, and may be run. */
export function hasGitHooks(folder: string): boolean {
  return HOOKS.every((hook) => {
    const file = path.join(folder, hook);
    return isOurs(file) && (statSync(file).mode & 0o100) !== 0;
  });
}

function isOurs(file: string): boolean {
  return existsSync(file) && readFileSync(file, 'utf8').includes(GIT_MARK);
}
