import { AppError } from '@coffee-roadmap/shared/errors';
import type { Command } from 'commander';
import { closest } from './closest';

/**
 * Finds a misspelt noun or verb before commander does: to a noun with a default verb, a word that it
 * does not know is just one argument too many. Throws `invalid_input`.
 */
export function checkVerbs(program: Command, args: readonly string[]): void {
  let command = program;
  const path = ['coffee-roadmap'];
  for (const word of args.slice(0, 2)) {
    if (word.startsWith('-') || word === 'help' || command.commands.length === 0) return;
    const next = command.commands.find(
      (one) => one.name() === word || one.aliases().includes(word),
    );
    if (next === undefined) throw unknown(command, path, word);
    command = next;
    path.push(word);
  }
}

function unknown(command: Command, path: string[], word: string): AppError {
  const names = command.commands.map((one) => one.name());
  const near = closest(word, names);
  const start = path.join(' ');
  return new AppError(
    'invalid_input',
    `there is no command "${[...path.slice(1), word].join(' ')}"`,
    {
      hint: near === undefined ? `${start} --help lists them.` : `Did you mean ${start} ${near}?`,
    },
  );
}
