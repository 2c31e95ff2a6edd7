import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { VERSION } from '../../version';
import { manPage } from './man-page';

export function registerMan(program: Command, context: Context): void {
  addVerb(program, 'man', 'the manual of every command, as a man page', {
    examples: ['man | man -l -', 'man > ~/.local/share/man/man1/coffee-roadmap.1'],
  }).action((options: CommonOptions) => {
    const page = manPage(program, VERSION);
    const out = context.output(options);
    if (out.json) out.result({ page }, () => '');
    else out.raw(page);
  });
}
