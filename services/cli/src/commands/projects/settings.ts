import type { ProjectSettings } from '@coffee-roadmap/shared/projects/queries';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { parseUsd, wholeNumber } from '../../command';
import { splitWords } from '../../split-words';

/** Options that `add` and `set` share. */
export interface SettingOptions {
  branch?: string;
  merge?: 'auto' | 'manual';
  agent?: string;
  model?: string;
  agentCommand?: string[] | 'none';
  budgetItem?: number | 'none';
  budgetDay?: number | 'none';
  minutes?: number;
  attempts?: number;
  backoff?: number;
}

export function addSettingOptions(command: Command): Command {
  return command
    .option('--branch <name>', 'the branch that accepted work is merged into')
    .addOption(
      new Option('--merge <how>', 'who merges accepted work: a daemon, or you').choices([
        'auto',
        'manual',
      ]),
    )
    .option('--agent <name>', 'the coding agent: claude, command or rehearsal')
    .option('--model <name>', 'the model that the agent is told to use, or none')
    .option(
      '--agent-command <words>',
      'for --agent command: the program to run, or none',
      parseCommand,
    )
    .option('--budget-item <usd>', 'what one priority may cost, or none', parseUsd)
    .option('--budget-day <usd>', 'what a day (UTC) may cost, or none', parseUsd)
    .option('--minutes <n>', 'how long one attempt may take', wholeNumber(1))
    .option('--attempts <n>', 'attempts without a result until it is blocked', wholeNumber(1))
    .option('--backoff <seconds>', 'the pause before the second attempt', wholeNumber());
}

function parseCommand(text: string): string[] | 'none' {
  if (text === 'none') return text;
  const words = splitWords(text);
  if (words !== undefined && words.length > 0) return words;
  throw new InvalidArgumentError('A quote is not closed, or it is empty.');
}

const orNull = <T>(given: T | 'none' | undefined): T | null | undefined =>
  given === 'none' ? null : given;

/** Only what was given. */
export function settingsOf(options: SettingOptions): ProjectSettings {
  return {
    default_branch: orNull(options.branch),
    merge: options.merge,
    agent: options.agent,
    agent_model: orNull(options.model),
    agent_command: orNull(options.agentCommand),
    budget_item_usd: orNull(options.budgetItem),
    budget_day_usd: orNull(options.budgetDay),
    attempt_minutes: options.minutes,
    max_attempts: options.attempts,
    backoff_s: options.backoff,
  };
}
