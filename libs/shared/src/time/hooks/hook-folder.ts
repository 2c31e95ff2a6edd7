import path from 'node:path';
import type { Paths } from '../../config/paths';

/** Where hooks' scripts are, and the line-by-line log that they append to. */
export interface HookFiles {
  readonly folder: string;
  readonly log: string;
  readonly tmuxScript: string;
  readonly tmuxConfiguration: string;
  readonly handOver: string;
  /** The folder of hooks for all repositories. */
  readonly gitEverywhere: string;
  /** Which repositories have hooks, and how far the log was read. */
  readonly state: string;
}

export function hookFiles({ state }: Paths): HookFiles {
  const folder = path.join(state, 'hooks');
  const file = (name: string): string => path.join(folder, name);
  return {
    folder,
    log: file('events.log'),
    tmuxScript: file('tmux.sh'),
    tmuxConfiguration: file('tmux.conf'),
    handOver: file('hand-over.sh'),
    gitEverywhere: file('git'),
    state: file('state.json'),
  };
}
