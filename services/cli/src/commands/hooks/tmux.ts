import type { Config } from '@coffee-roadmap/shared/config/config';
import { tmuxConfigFile, type TmuxHooks } from '@coffee-roadmap/shared/time/hooks/install-tmux';
import path from 'node:path';
import { stripEscapes } from '../../terminal/strip-escapes';

/** Where this person's tmux reads its configuration from. */
export function tmuxConfigOf({ env, paths }: Config): string {
  return tmuxConfigFile(env.home, path.dirname(paths.config));
}

export function tmuxLine({ configuration, installed, active }: TmuxHooks): string {
  const file = stripEscapes(configuration);
  if (!installed) return 'tmux: not installed: coffee-roadmap hooks install tmux';
  if (active === true) return `tmux: panes are recorded (${file})`;
  if (active === false) return `tmux: installed, not active yet: tmux source-file ${file}`;
  return `tmux: installed in ${file}; no tmux runs now`;
}
