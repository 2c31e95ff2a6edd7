import { requireGistSettings, saveGistSettings } from '@coffee-roadmap/shared/gist/settings';
import { readAutoSync } from '@coffee-roadmap/shared/roads/auto-sync';
import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';

export function registerAutoSync(gist: Command, context: Context): void {
  addVerb(gist, 'auto-sync <on|off>', 'whether auto-sync may use the gist or git remote', {
    examples: ['gist auto-sync on'],
  }).action((word: string, options: CommonOptions) => {
    const out = context.output(options);
    if (word !== 'on' && word !== 'off')
      throw new AppError('invalid_input', 'on or off?', {
        hint: 'coffee-roadmap gist auto-sync on, or gist auto-sync off',
      });
    const { paths } = context.config();
    const settings = requireGistSettings(paths);
    const on = word === 'on';
    saveGistSettings(context.config(), { ...settings, auto_sync: on });
    const next = readAutoSync(paths).on ? '' : '\nNext: coffee-roadmap auto-sync on';
    out.result({ auto_sync: on }, () =>
      on
        ? `auto-sync uses it from now on.${next}`
        : 'Only gist push, pull and sync use it from now on.',
    );
  });
}
