import type { Command } from 'commander';

export interface Choice {
  word: string;
  description: string;
}

export interface CommandPath {
  /** Words behind `coffee-roadmap`; none for the program itself. */
  words: string[];
  description: string;
  verbs: Choice[];
  options: Choice[];
  /** What its first argument may be, none: anything; undefined where it takes none. */
  argument: string[] | undefined;
  /** Option → what its value may be, where that is known. */
  values: Map<string, string[]>;
}

/** Every command with what may follow it, from the tree itself, so that nothing is left out. */
export function listPaths(program: Command, words: string[] = []): CommandPath[] {
  const help = program.createHelp();
  const options = help.visibleOptions(program);
  return [
    {
      words,
      description: program.description(),
      verbs: help
        .visibleCommands(program)
        .map((command) => ({ word: command.name(), description: command.description() })),
      options: options.flatMap(({ long, description }) =>
        long == null ? [] : [{ word: long, description }],
      ),
      argument: program.registeredArguments[0] && [
        ...(program.registeredArguments[0].argChoices ?? []),
      ],
      values: new Map(
        options.flatMap(({ short, long, argChoices }) =>
          argChoices === undefined
            ? []
            : [short, long].flatMap((flag) => (flag == null ? [] : [[flag, [...argChoices]]])),
        ),
      ),
    },
    ...program.commands.flatMap((command) => listPaths(command, [...words, command.name()])),
  ];
}
