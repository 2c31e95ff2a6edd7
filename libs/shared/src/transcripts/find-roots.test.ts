import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findRoots } from './find-roots';

let home: string;
beforeEach(() => (home = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'coffee roots ')))));
afterEach(() => rmSync(home, { recursive: true, force: true }));

const made = (...names: string[]): string => {
  const folder = path.join(home, ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
};
const find = (claudeConfigDir?: string, xdgConfigHome?: string): string[] =>
  findRoots({ home, xdgConfigHome, claudeConfigDir });

it('reads both usual places where nothing is named, and what is not there is left out', () => {
  expect(find()).toEqual([]);
  const old = made('.claude', 'projects');
  expect(find()).toEqual([old]);
  const moved = made('.config', 'claude', 'projects');
  expect(find()).toEqual([moved, old]);
  const elsewhere = made('xdg', 'claude', 'projects');
  expect(find(undefined, path.join(home, 'xdg'))).toEqual([elsewhere, old]);
});

it('reads each folder of the list, and the usual places no more', () => {
  made('.claude', 'projects');
  const [work, own] = [made('work', 'projects'), made('own', 'projects')];
  const tilde = made('tilde', 'projects');
  const list = ` ${path.join(home, 'work')} ,, ${own},~/tilde,${path.join(home, 'gone')}`;
  expect(find(list)).toEqual([work, own, tilde]);
});

it('reads a folder once that has several names', () => {
  const work = made('work', 'projects');
  symlinkSync(path.join(home, 'work'), path.join(home, 'linked'));
  expect(
    find(['work', 'linked', 'work/projects'].map((name) => path.join(home, name)).join()),
  ).toEqual([work]);
  symlinkSync(path.join(home, 'work'), path.join(home, '.claude'));
  made('.config');
  symlinkSync(path.join(home, 'work'), path.join(home, '.config', 'claude'));
  expect(find()).toEqual([work]);
});

it('says so where a list names nothing with transcripts', () => {
  made('.claude', 'projects');
  made('empty');
  writeFileSync(path.join(home, 'projects'), 'a file');
  for (const list of ['/nowhere', path.join(home, 'empty'), home, ','])
    expect(() => find(list)).toThrow('CLAUDE_CONFIG_DIR names no folder with transcripts');
});
