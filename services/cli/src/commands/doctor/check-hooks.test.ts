import { installGit } from '@coffee-roadmap/shared/time/hooks/install-git';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { checkFocus, checkGlobalHooks, checkRepositories, checkTmux } from './check-hooks';

const home = mkdtempSync(path.join(os.tmpdir(), 'coffee hooks '));
afterAll(() => rmSync(home, { recursive: true }));

it('names repositories whose hooks are gone or may not be run', () => {
  expect(checkRepositories()).toEqual([]);
  const paths = { config: home, data: home, state: path.join(home, 'state') };
  const folders = ['shop', 'api'].map((name) => {
    const folder = path.join(home, name);
    spawnSync('git', ['init', '--quiet', folder]);
    return installGit(paths, folder, ['coffee-roadmap']);
  });
  const [shop, api] = folders as [string, string];
  expect(checkRepositories(folders)).toEqual([
    { check: 'hooks', state: 'ok', message: '2 repositories' },
  ]);
  chmodSync(path.join(shop, 'post-commit'), 0o600);
  const [one, ...more] = checkRepositories(folders);
  expect([one, more]).toMatchObject([
    { state: 'warn', message: expect.stringContaining(shop) },
    [],
  ]);
  expect(one!.message).not.toContain(api);
  rmSync(path.join(api, 'post-checkout'));
  expect(checkRepositories(folders)[0]!.message).toContain(`${shop}, ${api}`);
});

it('says where git of all repositories no longer runs ours', () => {
  expect(checkGlobalHooks(null)).toEqual([]);
  expect(checkGlobalHooks(true)).toMatchObject([{ state: 'ok' }]);
  expect(checkGlobalHooks(false)).toMatchObject([
    { state: 'warn', hint: expect.stringContaining('install git --global') as string },
  ]);
});

it('says where tmux does not run its hooks, and nothing where they were never installed', () => {
  const tmux = { configuration: '/home/ada/.tmux.conf', installed: true, active: true };
  expect(checkTmux({ ...tmux, installed: false, active: null }, true)).toEqual([]);
  expect(checkTmux(tmux, true)).toMatchObject([{ state: 'ok' }]);
  expect(checkTmux({ ...tmux, active: null }, true)).toMatchObject([{ state: 'ok' }]);
  expect(checkTmux({ ...tmux, active: false }, true)).toMatchObject([
    { state: 'warn', hint: 'tmux source-file /home/ada/.tmux.conf' },
  ]);
  expect(checkTmux(tmux, false)).toMatchObject([
    { state: 'warn', hint: expect.stringContaining('hooks install tmux') as string },
  ]);
});

it('says where neither windows nor absence are seen', () => {
  const seen = { installed: true, window_app_id: 'firefox', idle_ms: 20 };
  expect(checkFocus({ installed: false, window_app_id: null, idle_ms: null })).toEqual([]);
  expect(checkFocus(seen)).toMatchObject([{ state: 'ok', message: 'windows and absence' }]);
  expect(checkFocus({ ...seen, window_app_id: null })).toMatchObject([{ state: 'ok' }]);
  expect(checkFocus({ ...seen, idle_ms: null })).toMatchObject([
    { state: 'ok', message: 'windows; absence is not seen' },
  ]);
  expect(checkFocus({ ...seen, window_app_id: null, idle_ms: null })).toMatchObject([
    { state: 'warn', hint: expect.stringContaining('hooks install focus') as string },
  ]);
});
