import { listAgents } from '@coffee-roadmap/shared/agents/registry';
import { Option, type Command } from 'commander';
import { addVerb, yesOption, type ProjectOptions } from '../../command';
import type { Context } from '../../context';
import { runUp } from './up';

export interface UpOptions extends ProjectOptions {
  demo?: boolean;
  empty?: boolean;
  daemon: boolean;
  dashboard: boolean;
  agent?: string;
}

export function registerUp(program: Command, context: Context): void {
  addVerb(program, 'up', 'bring it all up: database, daemon, dashboard; stays until Ctrl-C', {
    examples: ['up', 'up --demo', 'up --no-daemon --json'],
    ndjson: true,
  })
    .option('--demo', 'with a sample project, without asking')
    .option('--empty', 'without a sample project, without asking')
    .option('--no-daemon', 'without a daemon of this machine')
    .option('--no-dashboard', 'without the web page')
    .addOption(
      new Option(
        '--agent <name>',
        'who works on the sample project; if not said, rehearsal',
      ).choices(listAgents()),
    )
    .addOption(yesOption())
    .action((options: UpOptions) => runUp(context, options));
}
