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
  agentCommand?: string[] | null;
  budgetItem?: number | null;
  budgetDay?: number | null;
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
    .option('--agent-command <words>', 'for --agent command: the program to run', parseCommand)
    .option('--budget-item <usd>', 'what one priority may cost, or none', parseUsd)
    .option('--budget-day <usd>', 'what a day (UTC) may cost, or none', parseUsd)
    .option('--minutes <n>', 'how long one attempt may take', wholeNumber(1))
    .option('--attempts <n>', 'attempts without a result until it is blocked', wholeNumber(1))
    .option('--backoff <seconds>', 'the pause before the second attempt', wholeNumber());
}

function parseCommand(text: string): string[] | null {
  if (text === 'none') return null;
  const words = splitWords(text);
  if (words !== undefined && words.length > 0) return words;
  throw new InvalidArgumentError('A quote is not closed, or it is empty.');
}

const orNull = (text: string | undefined): string | null | undefined =>
  text === 'none' ? null : text;

/** Only what was given. */
export function settingsOf(options: SettingOptions): ProjectSettings {
  return {
    default_branch: orNull(options.branch),
    merge: options.merge,
    agent: options.agent,
    agent_model: orNull(options.model),
    agent_command: options.agentCommand,
    budget_item_usd: options.budgetItem,
    budget_day_usd: options.budgetDay,
    attempt_minutes: options.minutes,
    max_attempts: options.attempts,
    backoff_s: options.backoff,
  };
}
