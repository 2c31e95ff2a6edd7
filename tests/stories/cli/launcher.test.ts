import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const BIN = 'services/cli/bin/coffee-roadmap.cjs';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'coffee bin '));
  cpSync(path.join(process.cwd(), path.dirname(BIN)), path.join(folder, path.dirname(BIN)), {
    recursive: true,
  });
});
afterAll(() => rmSync(folder, { recursive: true }));

const run = (file: string) => spawnSync(process.execPath, [file, 'status'], { encoding: 'utf8' });

it('says what to do when the program has not been built', () => {
  expect(run(path.join(folder, BIN))).toMatchObject({
    status: 1,
    stdout: '',
    stderr:
      'error: coffee-roadmap has not been built yet\nhint:  run npm start once, in its folder.\n',
  });
});

it('runs the built program, also through a link as npm makes it', () => {
  mkdirSync(path.join(folder, 'dist'));
  writeFileSync(
    path.join(folder, 'dist', 'coffee-roadmap.js'),
    'process.stdout.write(process.argv[2])',
  );
  const link = path.join(folder, 'coffee-roadmap');
  symlinkSync(path.join(folder, BIN), link);
  for (const file of [path.join(folder, BIN), link]) {
    expect(run(file)).toMatchObject({ status: 0, stdout: 'status', stderr: '' });
  }
});

it('runs what needs no database from a bundle of its own, and reads it anew where its kept code is of another', () => {
  const small = path.join(folder, 'dist', 'coffee-roadmap-machine.js');
  writeFileSync(small, "'use strict'; process.stdout.write(`${process.argv[2]} ${__filename}`)");
  const collected = { status: 0, stdout: `collect ${small}`, stderr: '' };
  const collect = () =>
    spawnSync(process.execPath, [path.join(folder, BIN), 'collect'], { encoding: 'utf8' });
  expect(collect()).toMatchObject(collected);
  writeFileSync(`${small}.code`, 'not made by this Node');
  expect(collect()).toMatchObject(collected);
});
