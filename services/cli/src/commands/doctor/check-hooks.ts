import type { Config } from '@coffee-roadmap/shared/config/config';
import { readHookState } from '@coffee-roadmap/shared/time/hooks/collect-hooks';
import { hookFiles } from '@coffee-roadmap/shared/time/hooks/hook-folder';
import { hasGitHooks } from '@coffee-roadmap/shared/time/hooks/install-git';
import { gitEverywhereWorks } from '@coffee-roadmap/shared/time/hooks/install-git-everywhere';
import { tmuxStatus, type TmuxHooks } from '@coffee-roadmap/shared/time/hooks/install-tmux';
import { existsSync } from 'node:fs';
import { stripEscapes } from '../../terminal/strip-escapes';
import { count } from '../../words';
import { focusStatus, type FocusStatus } from '../hooks/focus';
import { tmuxConfigOf } from '../hooks/tmux';
import type { Finding } from './finding';

/** Hooks that were installed, of each kind: whether they are there and can record. */
export async function checkHooks(config: Config): Promise<Finding[]> {
  const { paths } = config;
  const { tmuxScript, tmuxConfiguration } = hookFiles(paths);
  const isWhole = existsSync(tmuxScript) && existsSync(tmuxConfiguration);
  return [
    ...checkRepositories(readHookState(paths).repositories),
    ...checkGlobalHooks(gitEverywhereWorks(paths)),
    ...checkTmux(tmuxStatus(tmuxConfigOf(config)), isWhole),
    ...checkFocus(await focusStatus(config)),
  ];
}

/** `repositories`: their folders of hooks. */
export function checkRepositories(repositories: readonly string[] = []): Finding[] {
  if (repositories.length === 0) return [];
  const gone = repositories.filter((folder) => !hasGitHooks(folder));
  if (gone.length === 0) return well(count(repositories.length, 'repository', 'repositories'));
  return failing(
    stripEscapes(`gone, or not executable: ${gone.join(', ')}`),
    'coffee-roadmap hooks install git there, or hooks remove git',
  );
}

/** `works` null: they were not installed for all repositories. */
export function checkGlobalHooks(works: boolean | null): Finding[] {
  if (works === null) return [];
  if (works) return well('git of all repositories');
  return failing(
    'core.hooksPath of git was changed since',
    'coffee-roadmap hooks install git --global, or hooks remove git --global',
  );
}

/** `isWhole`: our files that tmux's configuration names are there. */
export function checkTmux(
  { configuration, installed, active }: TmuxHooks,
  isWhole: boolean,
): Finding[] {
  if (!installed) return [];
  if (!isWhole)
    return failing(
      'what tmux runs is gone',
      'coffee-roadmap hooks install tmux, or hooks remove tmux',
    );
  if (active === false)
    return failing(
      'the tmux that runs has not read them',
      `tmux source-file ${stripEscapes(configuration)}`,
    );
  return well(active === true ? 'tmux' : 'tmux, which does not run now');
}

export function checkFocus({ installed, window_app_id, idle_ms }: FocusStatus): Finding[] {
  if (!installed) return [];
  if (window_app_id === null && idle_ms === null)
    return failing(
      'neither a window nor absence can be seen',
      'coffee-roadmap hooks install focus, or hooks remove focus',
    );
  return well(idle_ms === null ? 'windows; absence is not seen' : 'windows and absence');
}

const well = (message: string): Finding[] => [{ check: 'hooks', state: 'ok', message }];

const failing = (message: string, hint: string): Finding[] => [
  { check: 'hooks', state: 'warn', message, hint },
];
