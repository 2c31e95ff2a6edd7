import type { Command } from 'commander';
import { PassThrough } from 'node:stream';
import { createContext, type Streams } from './context';
import { createProgram } from './program';
import { runProgram } from './run-program';
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

describe('a bad option of', () => {
  /** What a command line comes to where nothing that it asks for is done. */
  async function told(...args: string[]): Promise<{ code: number; out: string; error: string }> {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const streams = { stdin: process.stdin, stdout, stderr } as unknown as Streams;
    const context = { ...createContext(streams), config: unread, errorColours: unread };
    const tree = createProgram(context);
    for (const { command } of listCommands(tree)) {
      if (command.commands.length === 0) command.action(done);
    }
    const code = await runProgram(tree, context, args);
    return { code, out: textOf(stdout), error: textOf(stderr) };
  }
  const unread = (): never => {
    throw new Error('read the configuration');
  };
  const done = (): never => {
    throw new Error('did something');
  };
  const textOf = (stream: PassThrough): string => String(stream.read() ?? '');
  const TWO_LINES = /^error: .+\nhint: {2}.+\n$/;

  const rows = commands.map(({ words, command }) => [words.join(' '), words, command] as const);
  it.each(rows)('%s is exit code 2, and two lines: what is wrong, what to do', async (...row) => {
    const [, words, { commands: verbs, options, registeredArguments }] = row;
    const needed = options.flatMap(({ mandatory, long }) => (mandatory ? [long!, '2026-10'] : []));
    // What is typed, and words of it that are said. A noun may miss more of its default verb before.
    const wrong: [string[], readonly string[]][] = [
      [[...words, ...needed, '--bogus'], verbs.length === 0 ? ['--bogus'] : []],
    ];
    for (const { long, required, argChoices } of options) {
      if (required)
        wrong.push([
          [...words, long!],
          [long!, 'argument missing'],
        ]);
      if (argChoices !== undefined)
        wrong.push([
          [...words, long!, 'bogus'],
          [long!, ...argChoices],
        ]);
    }
    for (const { argChoices } of registeredArguments) {
      if (argChoices !== undefined)
        wrong.push([
          [...words, 'bogus'],
          ['bogus', ...argChoices],
        ]);
    }
    for (const [args, named] of wrong) {
      const { code, out, error } = await told(...args);
      expect([args, code, out]).toEqual([args, 2, '']);
      expect(error).toMatch(TWO_LINES);
      for (const word of named) expect(error).toContain(word);
    }
  });
});
