import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { replaceFile } from './replace-file';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'replace-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

it('writes a new file, an old one only when it changes, and leaves nothing beside it', () => {
  const file = path.join(folder, 'ROADMAP.md');
  expect(replaceFile(file, 'one')).toBe(true);
  chmodSync(file, 0o640);
  const { ino } = statSync(file);
  expect(replaceFile(file, 'one')).toBe(false);
  expect(statSync(file).ino).toBe(ino);
  expect(replaceFile(file, 'zwei ä')).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('zwei ä');
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder)).toEqual(['ROADMAP.md']);
});

it('writes through a link', () => {
  const file = path.join(folder, 'real.md');
  const link = path.join(folder, 'link.md');
  writeFileSync(file, 'one');
  symlinkSync(file, link);
  replaceFile(link, 'two');
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readFileSync(file, 'utf8')).toBe('two');
});

it('says what is wrong when it cannot', () => {
  expect(() => replaceFile(path.join(folder, 'missing', 'x.md'), 'one')).toThrow(
    /cannot be written/,
  );
  expect(() => replaceFile(folder, 'one')).toThrow(/cannot be written/);
});
