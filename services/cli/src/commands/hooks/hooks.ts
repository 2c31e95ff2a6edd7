import { AppError } from '@coffee-roadmap/shared/errors';
import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { readHookState } from '@coffee-roadmap/shared/time/hooks/collect-hooks';
import { hookFiles } from '@coffee-roadmap/shared/time/hooks/hook-folder';
import {
  hasGitHooks,
  hooksFolderOf,
  installGit,
  removeGit,
} from '@coffee-roadmap/shared/time/hooks/install-git';
import {
  gitEverywhereWorks,
  installGitEverywhere,
  removeGitEverywhere,
} from '@coffee-roadmap/shared/time/hooks/install-git-everywhere';
import {
  installTmux,
  removeTmux,
  tmuxStatus,
} from '@coffee-roadmap/shared/time/hooks/install-tmux';
import type { Command } from 'commander';
import path from 'node:path';
import { addNoun, addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { stripEscapes } from '../../terminal/strip-escapes';
import {
  focusLine,
  focusStatus,
  installFocus,
  removeFocus,
  watchFocus,
  type FocusOptions,
} from './focus';
import { tmuxConfigOf, tmuxLine } from './tmux';

const KINDS = ['tmux', 'git', 'focus'] as const;
type Kind = (typeof KINDS)[number];

interface InstallOptions extends CommonOptions, FocusOptions {
  global?: boolean;
}

export function registerHooks(program: Command, context: Context): void {
  const hooks = addNoun(program, 'hooks', 'what records where you work: panes, commits, windows', {
    examples: ['hooks install tmux', 'hooks install git ~/src/shop', 'hooks status'],
  });
  addVerb(hooks, 'install <kind> [folders...]', 'tmux; git in these repositories or here; focus', {
    examples: [
      'hooks install tmux',
      'hooks install git ~/src/shop ~/src/api',
      'hooks install git --global',
      'hooks install focus',
    ],
  })
    .option('--global', 'git: in all repositories; their own hooks still run')
    .option('--window <command>', 'focus: what writes the application in front')
    .option('--idle <command>', 'focus: what writes the milliseconds since the last input')
    .option('--titles', 'focus: record the windows’ titles too')
    .action(async (name: string, folders: string[], options: InstallOptions) => {
      const out = context.output(options);
      const config = context.config();
      const { paths } = config;
      requireIdentity(paths);
      const kind = kindOf(name, options);
      if (kind === 'tmux') {
        const status = installTmux(paths, tmuxConfigOf(config));
        return out.result({ tmux: status }, () => tmuxLine(status));
      }
      if (kind === 'focus') {
        const focus = await installFocus(config, options);
        return out.result({ focus }, () =>
          [focusLine(focus), 'Record it from now on: coffee-roadmap service install'].join('\n'),
        );
      }
      const command = [process.execPath, path.resolve(process.argv[1] ?? '')];
      if (options.global === true) {
        const folder = installGitEverywhere(paths, command);
        return out.result({ git: [folder], everywhere: true }, () =>
          stripEscapes(`git: commits of all repositories are recorded by ${folder}`),
        );
      }
      const installed = reposOf(folders).map((folder) => installGit(paths, folder, command));
      out.result({ git: installed }, () =>
        installed.map((one) => `git: commits are recorded by ${stripEscapes(one)}`).join('\n'),
      );
    });
  addVerb(hooks, 'remove <kind> [folders...]', 'what was there before is there again', {
    examples: ['hooks remove tmux', 'hooks remove git ~/src/shop', 'hooks remove focus'],
  })
    .option('--global', 'git: those for all repositories')
    .action((name: string, folders: string[], options: InstallOptions) =>
      remove(context, kindOf(name, options), folders, options),
    );
  addVerb(hooks, 'status', 'which hooks are there, and whether they work', {
    examples: ['hooks status', 'hooks status --json'],
    isDefault: true,
  }).action((options: CommonOptions) => showStatus(context, options));
  addVerb(hooks, 'watch', 'record windows and absence until you end it; the service does', {
    examples: ['hooks watch'],
    ndjson: true,
  }).action((options: CommonOptions) => watchFocus(context, context.output(options)));
}

function remove(
  context: Context,
  kind: Kind,
  folders: string[],
  { global, ...options }: InstallOptions,
): void {
  const out = context.output(options);
  const config = context.config();
  const { paths } = config;
  if (kind === 'tmux') {
    const status = removeTmux(tmuxConfigOf(config));
    return out.result({ tmux: status }, () => tmuxLine(status));
  }
  if (kind === 'focus') {
    const removed = removeFocus(config);
    return out.result({ focus: { removed } }, () =>
      removed
        ? 'focus: windows are no longer recorded; coffee-roadmap service remove ends what runs'
        : 'focus: it was not installed.',
    );
  }
  const removed =
    global === true
      ? removeGitEverywhere(paths)
        ? [hookFiles(paths).gitEverywhere]
        : []
      : reposOf(folders)
          .map(hooksFolderOf)
          .filter((folder) => removeGit(paths, folder));
  out.result({ git: removed }, () =>
    removed.length === 0
      ? 'git: no hook of ours was there.'
      : removed.map((one) => `git: nothing is recorded by ${stripEscapes(one)}`).join('\n'),
  );
}

async function showStatus(context: Context, options: CommonOptions): Promise<void> {
  const out = context.output(options);
  const config = context.config();
  const { repositories = [] } = readHookState(config.paths);
  const tmux = tmuxStatus(tmuxConfigOf(config));
  const git = repositories.map((folder) => ({ folder, working: hasGitHooks(folder) }));
  const everywhere = gitEverywhereWorks(config.paths);
  const focus = await focusStatus(config);
  out.result({ tmux, git, git_everywhere: everywhere, focus }, () =>
    [
      tmuxLine(tmux),
      ...(everywhere === true ? ['git: all repositories that set no hooks folder have them'] : []),
      ...(everywhere === false
        ? ['git: core.hooksPath was changed: coffee-roadmap hooks install git --global']
        : []),
      ...(git.length === 0 && everywhere === null
        ? ['git: no repository has them: coffee-roadmap hooks install git']
        : []),
      ...git.map(({ folder, working }) =>
        stripEscapes(`git: ${folder}${working ? '' : ': gone; install them once more'}`),
      ),
      focusLine(focus),
    ].join('\n'),
  );
}

function kindOf(kind: string, options: InstallOptions): Kind {
  const found = KINDS.find((one) => one === kind);
  const { window, idle, titles, global } = options;
  if (global === true && found !== 'git')
    throw new AppError('invalid_input', '--global is for git alone');
  if (found !== 'focus' && (window ?? idle ?? titles) !== undefined)
    throw new AppError('invalid_input', '--window, --idle and --titles are for focus alone');
  if (found !== undefined) return found;
  throw new AppError('invalid_input', `there are no hooks for "${kind}"`, {
    hint: `There are: ${KINDS.join(', ')}.`,
  });
}

const reposOf = (folders: string[]): string[] =>
  folders.length === 0 ? [process.cwd()] : folders.map((folder) => path.resolve(folder));
