import type { Command } from 'commander';

export interface CommandPath {
  /** Words behind `coffee-roadmap`; none for the program itself. */
  words: string[];
  description: string;
  /** What may follow: verbs and options, in their order. */
  next: { word: string; description: string }[];
}

/** Every command with what may follow it, from the tree itself, so that nothing is left out. */
export function listPaths(program: Command, words: string[] = []): CommandPath[] {
  const help = program.createHelp();
  const verbs = help.visibleCommands(program).map((command) => ({
    word: command.name(),
    description: command.description(),
  }));
  const options = help
    .visibleOptions(program)
    .flatMap(({ long, description }) => (long == null ? [] : [{ word: long, description }]));
  return [
    { words, description: program.description(), next: [...verbs, ...options] },
    ...program.commands.flatMap((command) => listPaths(command, [...words, command.name()])),
  ];
}
