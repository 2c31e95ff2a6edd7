import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import { PROGRAM } from './called-as';
import { closest } from './closest';

/** The words of `args` that name a command, as far as they do. */
export function pathIn(program: Command, args: readonly string[]): Command[] {
  const path: Command[] = [];
  let command = program;
  for (const word of args) {
    const next = command.commands.find(
      (one) => one.name() === word || one.aliases().includes(word),
    );
    if (next === undefined) break;
    path.push(next);
    command = next;
  }
  return path;
}

/** `help roadmap add` and `roadmap help add` are `roadmap add --help`. */
export function helpAsOption(program: Command, args: readonly string[]): string[] {
  const nouns = pathIn(program, args).length;
  const { commands } = pathIn(program, args).at(-1) ?? program;
  if (args[nouns] !== 'help' || commands.length === 0) return [...args];
  return [...args.slice(0, nouns), ...args.slice(nouns + 1), '--help'];
}

/**
 * Finds a misspelt noun or verb before commander does: to a noun with a default verb, a word that it
 * does not know is just one argument too many. Throws `invalid_input`.
 */
export function checkVerbs(program: Command, args: readonly string[]): void {
  const path = pathIn(program, args);
  const { commands } = path.at(-1) ?? program;
  const word = args[path.length];
  if (word === undefined || word.startsWith('-') || commands.length === 0) return;
  const start = callOf(path);
  const near = closest(
    word,
    commands.map((one) => one.name()),
  );
  throw new AppError(
    'invalid_input',
    `there is no command "${[...path.map((one) => one.name()), word].join(' ')}"`,
    {
      hint: near === undefined ? `${start} --help lists them.` : `Did you mean ${start} ${near}?`,
    },
  );
}

/** As it is typed. */
export const callOf = (path: readonly Command[]): string =>
  [PROGRAM, ...path.map((one) => one.name())].join(' ');
