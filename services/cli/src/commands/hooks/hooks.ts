import { AppError } from '@coffee-roadmap/shared/errors';
import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { readHookState } from '@coffee-roadmap/shared/time/hooks/collect-hooks';
import {
  hasGitHooks,
  hooksFolderOf,
  installGit,
  removeGit,
} from '@coffee-roadmap/shared/time/hooks/install-git';
import {
  installTmux,
  removeTmux,
  tmuxConfigFile,
  tmuxStatus,
  type TmuxHooks,
} from '@coffee-roadmap/shared/time/hooks/install-tmux';
import type { Command } from 'commander';
import path from 'node:path';
import { addNoun, addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';

const KINDS = ['tmux', 'git'] as const;
type Kind = (typeof KINDS)[number];

export function registerHooks(program: Command, context: Context): void {
  const hooks = addNoun(program, 'hooks', 'what records where you work: tmux panes, commits', {
    examples: ['hooks install tmux', 'hooks install git ~/src/shop', 'hooks status'],
  });
  addVerb(hooks, 'install <kind> [folders...]', 'tmux, or git in these repositories or here', {
    examples: ['hooks install tmux', 'hooks install git', 'hooks install git ~/src/shop ~/src/api'],
  }).action((kind: string, folders: string[], options: CommonOptions) => {
    const out = context.output(options);
    const { paths } = context.config();
    requireIdentity(paths);
    if (kindOf(kind) === 'tmux') {
      const status = installTmux(paths, configFile(context));
      out.result({ tmux: status }, () => tmuxLine(status));
      return;
    }
    const command = [process.execPath, path.resolve(process.argv[1] ?? '')];
    const installed = reposOf(folders).map((folder) => installGit(paths, folder, command));
    out.result({ git: installed }, () =>
      installed.map((folder) => `git: commits are recorded by ${stripEscapes(folder)}`).join('\n'),
    );
  });
  addVerb(hooks, 'remove <kind> [folders...]', 'what was there before is there again', {
    examples: ['hooks remove tmux', 'hooks remove git ~/src/shop'],
  }).action((kind: string, folders: string[], options: CommonOptions) => {
    const out = context.output(options);
    const { paths } = context.config();
    if (kindOf(kind) === 'tmux') {
      const status = removeTmux(configFile(context));
      out.result({ tmux: status }, () => tmuxLine(status));
      return;
    }
    const removed = reposOf(folders)
      .map(hooksFolderOf)
      .filter((folder) => removeGit(paths, folder));
    out.result({ git: removed }, () =>
      removed.length === 0
        ? 'git: no hook of ours was there.'
        : removed.map((folder) => `git: nothing is recorded by ${stripEscapes(folder)}`).join('\n'),
    );
  });
  addVerb(hooks, 'status', 'which hooks are there, and whether they work', {
    examples: ['hooks status', 'hooks status --json'],
    isDefault: true,
  }).action((options: CommonOptions) => {
    const out = context.output(options);
    const { repositories = [] } = readHookState(context.config().paths);
    const tmux = tmuxStatus(configFile(context));
    const git = repositories.map((folder) => ({ folder, working: hasGitHooks(folder) }));
    out.result({ tmux, git, window: { available: false } }, () =>
      [
        tmuxLine(tmux),
        ...(git.length === 0
          ? ['git: no repository has them: coffee-roadmap hooks install git']
          : []),
        ...git.map(({ folder, working }) =>
          stripEscapes(`git: ${folder}${working ? '' : ': gone; install them once more'}`),
        ),
        'window: focus and absence are not read on this platform; docs/time.md says what can send them',
      ].join('\n'),
    );
  });
}

function kindOf(kind: string): Kind {
  const found = KINDS.find((one) => one === kind);
  if (found !== undefined) return found;
  throw new AppError('invalid_input', `there are no hooks for "${kind}"`, {
    hint: `There are: ${KINDS.join(', ')}.`,
  });
}

const reposOf = (folders: string[]): string[] =>
  folders.length === 0 ? [process.cwd()] : folders.map((folder) => path.resolve(folder));

function configFile(context: Context): string {
  const { env, paths } = context.config();
  return tmuxConfigFile(env.home, path.dirname(paths.config));
}

function tmuxLine({ configuration, installed, active }: TmuxHooks): string {
  const file = stripEscapes(configuration);
  if (!installed) return 'tmux: not installed: coffee-roadmap hooks install tmux';
  if (active === true) return `tmux: panes are recorded (${file})`;
  if (active === false) return `tmux: installed, not active yet: tmux source-file ${file}`;
  return `tmux: installed in ${file}; no tmux runs now`;
}
