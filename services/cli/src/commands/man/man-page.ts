import type { Command, Option } from 'commander';
import { examplesOf } from '../../command';
import { PROGRAM } from '../../called-as';

const EXIT_STATUS = [
  ['0', 'It is done.'],
  ['1', 'It failed.'],
  ['2', 'The input is wrong.'],
  ['3', 'Not allowed.'],
  ['4', 'The database or another service cannot be reached.'],
  ['5', 'Somebody or something else came first: look again, then decide.'],
] as const;

const FILES = [
  ['~/.config/coffee-roadmap', 'settings and logins'],
  ['~/.local/share/coffee-roadmap', 'this machine’s id and its records'],
  ['~/.local/state/coffee-roadmap', 'what the daemon keeps, and logs'],
] as const;

/** The whole tree of commands as one page in man(7), from what --help says. */
export function manPage(program: Command, version: string): string {
  const commands = listCommands(program);
  return [
    `.TH ${PROGRAM.toUpperCase().replace('-', '\\-')} 1 "" "${quoted(`${PROGRAM} ${version}`)}"`,
    '.SH NAME',
    `${text(PROGRAM)} \\- ${text(program.description())}`,
    '.SH SYNOPSIS',
    `.B ${text(PROGRAM)}`,
    '.I command',
    '[\\fIoptions\\fR]',
    '.SH DESCRIPTION',
    'Every command knows \\fB\\-\\-json\\fR, for programs, and \\fB\\-\\-help\\fR.',
    '.SH COMMANDS',
    ...commands.flatMap(({ path, command }) => section(path, command)),
    '.SH EXIT STATUS',
    ...EXIT_STATUS.flatMap(([code, meaning]) => entry(code, meaning)),
    '.SH FILES',
    'The variables XDG_CONFIG_HOME, XDG_DATA_HOME and XDG_STATE_HOME move them.',
    ...FILES.flatMap(([file, meaning]) => entry(file, meaning)),
    '',
  ].join('\n');
}

/** Those that do something, in the order of --help. */
function listCommands(parent: Command, before = ''): { path: string; command: Command }[] {
  return parent.commands.flatMap((command) => {
    if (command.name() === 'help') return [];
    const path = before === '' ? command.name() : `${before} ${command.name()}`;
    return [
      ...(command.commands.length === 0 ? [{ path, command }] : []),
      ...listCommands(command, path),
    ];
  });
}

function section(path: string, command: Command): string[] {
  const { arguments: args, options, examples } = partsOf(command);
  return [
    `.SS ${text([path, ...args].join(' '))}`,
    text(sentence(command.description())),
    ...options.flatMap(({ flags, description }) => entry(flags, description)),
    ...(examples.length === 0 ? [] : ['.PP', '.nf', '.RS']),
    ...examples.map((example) => text(`$ ${PROGRAM} ${example}`)),
    ...(examples.length === 0 ? [] : ['.RE', '.fi']),
  ];
}

function partsOf(command: Command) {
  const args = command.registeredArguments.map((arg) => {
    const name = `${arg.name()}${arg.variadic ? '…' : ''}`;
    return arg.required ? `<${name}>` : `[${name}]`;
  });
  const help = command.createHelp();
  const options = command.options
    .filter((option: Option) => !option.hidden)
    .map((option) => ({ flags: option.flags, description: help.optionDescription(option) }));
  return { arguments: args, options, examples: examplesOf(command) };
}

const entry = (term: string, meaning: string): string[] => [
  '.TP',
  `\\fB${text(term)}\\fR`,
  text(meaning),
];

const sentence = (words: string): string =>
  words === '' ? '' : `${words[0]!.toUpperCase()}${words.slice(1).replace(/\.$/, '')}.`;

/** Nothing in it is a request or an escape of man(7). */
function text(plain: string): string {
  return plain
    .replace(/\s+/g, ' ')
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(
      /[^\x20-\x7e]/gu,
      (one) => `\\[u${one.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
    )
    .replace(/^([.'])/, '\\&$1');
}

const quoted = (plain: string): string => text(plain).replace(/"/g, '""');
