import path from 'node:path';

export const PROGRAM = 'coffee-roadmap';
const BY_NPX = `npx ${PROGRAM}`;

/**
 * What a person types to call this program again, because hints are there to be copied. `argv` as
 * process.argv: npx and a linked command name different files, npm start names the bundle.
 */
export function calledAs(argv: readonly string[]): string {
  const script = argv[1] ?? '';
  if (script.includes(`node_modules${path.sep}.bin${path.sep}`)) return BY_NPX;
  return path.basename(script) !== PROGRAM && argv[2] === 'up' ? BY_NPX : PROGRAM;
}

/** Puts it where a line, or what follows a colon, begins with the program's name: to be typed. */
export function nameInLines(text: string, command: string): string {
  if (command === PROGRAM) return text;
  return text.replace(/(^(?:\x1b\[\d+m| )*|: )coffee-roadmap (?=[a-z])/gm, `$1${command} `);
}

/** The same anywhere in a hint of ours. */
export function nameInHint(hint: string, command: string): string {
  if (command === PROGRAM) return hint;
  return hint.replace(/(?<![\w-/]|npx )coffee-roadmap (?=[a-z])/g, `${command} `);
}
