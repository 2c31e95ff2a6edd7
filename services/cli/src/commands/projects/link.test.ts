import { nameOfRemote } from '@coffee-roadmap/shared/time/hooks/git-project';
import os from 'node:os';
import path from 'node:path';
import { readLink } from './link';

it.each([
  ['/srv/shop/', 'folder', '/srv/shop'],
  ['./shop', 'folder', path.resolve('shop')],
  ['..', 'folder', path.resolve('..')],
  ['~', 'folder', os.homedir()],
  ['~/src/shop', 'folder', path.join(os.homedir(), 'src/shop')],
  ['acme', 'tag', 'acme'],
  [' acme shop ', 'tag', 'acme shop'],
  ['acme/shop', 'tag', 'acme/shop'],
  ['git@github.com:us/shop.git', 'remote', 'github.com/us/shop'],
  ['https://ada:secret@GitHub.com/us/shop.git', 'remote', 'github.com/us/shop'],
  ['https://github.com:443/us/shop/', 'remote', 'github.com/us/shop'],
  ['ssh://git@git.example.org:2222/us/shop.git', 'remote', 'git.example.org:2222/us/shop'],
  ['git.example.org:2222/us/shop', 'remote', 'git.example.org:2222/us/shop'],
  ['github.com/us/shop', 'remote', 'github.com/us/shop'],
])('takes %j for the %s %s', (what, kind, value) => {
  expect(readLink(what)).toEqual({ kind, value });
});

it('takes it for what is said, where its shape does not say', () => {
  expect(readLink('shop', 'folder')).toEqual({ kind: 'folder', value: path.resolve('shop') });
  expect(readLink('devbox:src/shop.git', 'remote').value).toBe('devbox/src/shop');
  expect(readLink('github.com/us/shop', 'tag')).toEqual({
    kind: 'tag',
    value: 'github.com/us/shop',
  });
  expect(readLink(' 3 ', 'stream')).toEqual({ kind: 'stream', value: '3' });
});

it.each([
  'git@github.com:us/shop.git',
  'https://token@github.com:443/us/shop',
  'ssh://git@git.example.org:2222/~ada/shop.git/',
  'git@github.com:/us/shop',
])('names %s as the streams that work in it do', (address) => {
  expect(readLink(address).value).toBe(nameOfRemote(address));
});

it('refuses what is nothing, and what is no remote', () => {
  expect(() => readLink(' ')).toThrow('there is no empty tag');
  expect(() => readLink('shop', 'remote')).toThrow('this is no address of a remote: shop');
  expect(() => readLink('', 'remote')).toThrow('this is no address of a remote');
});
