import type { Command } from 'commander';
import { createContext } from './context';
import { createProgram } from './program';
import { splitWords } from './split-words';
import { widthOf } from './terminal/width';

/** Every command with its words, without the program itself. */
function listCommands(
  command: Command,
  words: string[] = [],
): { words: string[]; command: Command }[] {
  return command.commands.flatMap((next) => {
    const path = [...words, next.name()];
    return [{ words: path, command: next }, ...listCommands(next, path)];
  });
}

function helpOf(command: Command): string {
  let text = '';
  command.configureOutput({ writeOut: (part) => void (text += part), getOutHelpWidth: () => 80 });
  command.outputHelp();
  return text;
}

const program = createProgram(createContext(process));
const commands = listCommands(program);
const examplesIn = (help: string): string[] =>
  [...help.matchAll(/^ {2}\$ coffee-roadmap ?(.*)$/gm)].map((match) => match[1] ?? '');

describe('the help', () => {
  it.each(commands.map(({ words, command }) => [words.join(' '), command] as const))(
    'of %s has an example of it, and fits 80 columns',
    (name, command) => {
      const help = helpOf(command);
      const examples = examplesIn(help);
      expect(examples.length).toBeGreaterThan(0);
      expect(examples.some((example) => example.startsWith(name))).toBe(true);
      for (const line of help.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
    },
  );

  it('of the program itself names every noun', () => {
    const help = helpOf(program);
    for (const command of program.commands) expect(help).toContain(`\n  ${command.name()}`);
    for (const line of help.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(80);
  });

  it('shows only examples with options that there are', () => {
    for (const { command } of commands) {
      for (const example of examplesIn(helpOf(command))) {
        const words = splitWords(example.split(/ [|<>]/)[0]!)!;
        let target = program;
        for (const word of words) {
          target = target.commands.find((one) => one.name() === word) ?? target;
        }
        const options = words.filter((word) => word.startsWith('-'));
        const known = target.options.flatMap(({ short, long }) => [short, long]);
        for (const option of options.filter((word) => word !== '-')) {
          expect([example, ...known]).toContain(option);
        }
      }
    }
  });
});

it('lets every command that does something answer in JSON', () => {
  for (const { words, command } of commands.filter(
    ({ command }) => command.commands.length === 0,
  )) {
    const options = command.options.map((option) => option.long);
    expect([words.join(' '), ...options]).toContain('--json');
  }
});
