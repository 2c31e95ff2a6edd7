import type { Config } from '@coffee-roadmap/shared/config/config';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkBackups } from './check-backups';

const data = mkdtempSync(path.join(os.tmpdir(), 'coffee doctor '));
afterAll(() => rmSync(data, { recursive: true }));
const config = (embedded?: true): Config => ({ file: { embedded }, paths: { data } }) as Config;

it('asks for a backup of a database on this machine, and of no other', () => {
  expect(checkBackups(config(), Date.now())).toEqual([]);
  expect(checkBackups(config(true), Date.now())).toMatchObject([{ state: 'warn' }]);
});

it('takes a damaged one for none', () => {
  mkdirSync(path.join(data, 'backups', 'coffee_roadmap-20261120T101500Z'), { recursive: true });
  expect(checkBackups(config(true), Date.now())).toMatchObject([
    {
      state: 'warn',
      message: expect.stringContaining('none'),
      hint: expect.stringContaining('backup create'),
    },
  ]);
});
