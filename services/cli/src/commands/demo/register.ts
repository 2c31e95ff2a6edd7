import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { runDemo } from './demo';

export interface DemoOptions extends CommonOptions {
  keep?: boolean;
}

export function registerDemo(program: Command, context: Context): void {
  addVerb(program, 'demo', 'the whole story in a minute, in a database of its own', {
    examples: ['demo', 'demo --keep', 'demo --json'],
  })
    .option('--keep', 'leave the repository to look at')
    .action((options: DemoOptions) => runDemo(context, options));
}
