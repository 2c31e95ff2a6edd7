import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Reads what others wrote; may throw what is an error in our own words. */
export type Reader = readonly [
  name: string,
  samples: readonly string[],
  read: (text: string) => unknown,
];

const folder = mkdtempSync(path.join(os.tmpdir(), 'coffee fuzz '));
process.on('exit', () => rmSync(folder, { recursive: true, force: true }));

/** For readers that take a file: the only one of its folder but for folders within. */
export function asFile(text: string, name = 'given'): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}
