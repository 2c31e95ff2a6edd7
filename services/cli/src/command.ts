import { InvalidArgumentError, Option, type Command } from 'commander';

/** Adds a noun, under which verbs are added. */
export function addNoun(
  program: Command,
  name: string,
  description: string,
  settings: { examples: string[] },
): Command {
  const noun = program.command(name).description(description).helpCommand(false);
  return withExamples(noun, settings.examples);
}

/**
 * Adds a command with what every command has: --json, and --help that ends with an example.
 * `isDefault`: what the noun does when it is named alone.
 */
export function addVerb(
  parent: Command,
  usage: string,
  description: string,
  settings: { examples: string[]; isDefault?: boolean; ndjson?: boolean },
): Command {
  const command = parent
    .command(usage, { isDefault: settings.isDefault === true })
    .description(description)
    .option('--json', settings.ndjson ? 'one JSON document a line' : 'the result as JSON');
  return withExamples(command, settings.examples);
}

const known = new WeakMap<Command, readonly string[]>();

/** As they follow the program's name. */
export const examplesOf = (command: Command): readonly string[] => known.get(command) ?? [];

function withExamples(command: Command, examples: string[]): Command {
  known.set(command, examples);
  return command.addHelpText('after', exampleText(examples));
}

function exampleText(examples: string[]): string {
  const lines = examples.map((example) => `  $ coffee-roadmap ${example}`);
  return `\n${lines.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}`;
}

export interface ProjectOptions {
  json?: boolean;
  yes?: boolean;
  project?: string;
}

export const projectOption = (): Option =>
  new Option('-p, --project <name>', 'the project; needed where there are several');

export const yesOption = (): Option => new Option('-y, --yes', 'do not ask');

/** For options that may be given several times; `--no-…` before them counts for nothing. */
export function collect(value: string, earlier: string[] | false = []): string[] {
  return [...(earlier || []), value];
}

/** A parser for whole numbers of at least `least`. */
export function wholeNumber(least = 0): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= least && Number.isSafeInteger(value)) return value;
    throw new InvalidArgumentError(`It must be a whole number of at least ${least}.`);
  };
}

const UNITS: Record<string, number> = { '': 1, s: 1, m: 60, min: 60, h: 3600, d: 86_400 };

/** `90`, `90s`, `5m`, `2h`, `1d` as seconds. */
export function parseSeconds(text: string): number {
  const found = /^(\d+(?:\.\d+)?)\s*(|s|m|min|h|d)$/.exec(text.trim());
  if (!found) throw new InvalidArgumentError('Write it like 90s, 5m, 2h or 1d.');
  return Number(found[1]) * (UNITS[found[2] ?? ''] ?? 1);
}

/** USD, or `none`, which clears. As a word: commander makes an empty string of a null. */
export function parseUsd(text: string): number | 'none' {
  if (text === 'none') return text;
  const value = Number(text.replace(/^\$/, ''));
  if (text !== '' && Number.isFinite(value) && value >= 0) return value;
  throw new InvalidArgumentError('It must be an amount in USD, or none.');
}
