import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { findCredential } from './find-credential';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'credentials-'));
  mkdirSync(path.join(folder, 'one'));
  writeFileSync(path.join(folder, 'one', 'git.example.com.token'), 'secret\n');
  writeFileSync(path.join(folder, 'one', 'ssh.key'), 'key\n');
});
afterEach(() => rmSync(folder, { recursive: true }));

const find = (id: string, repository: string) => findCredential(folder, { id, repository });

it('gives a token to the host that it is for', () => {
  expect(find('one', 'https://git.example.com/shop.git')).toMatchObject({ kind: 'token' });
});

it('gives it to no other host, port or project', () => {
  expect(find('one', 'https://evil.example.com/shop.git')).toEqual({ kind: 'none' });
  expect(find('one', 'https://git.example.com:8443/shop.git')).toEqual({ kind: 'none' });
  expect(find('two', 'https://git.example.com/shop.git')).toEqual({ kind: 'none' });
});

it('uses the key for ssh alone', () => {
  expect(find('one', 'git@git.example.com:shop.git')).toMatchObject({ kind: 'ssh-key' });
  expect(find('one', '/srv/shop.git')).toEqual({ kind: 'none' });
});
