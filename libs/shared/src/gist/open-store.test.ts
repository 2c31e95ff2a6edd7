import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadConfig, type Config } from '../config/config';
import { readEnvironment } from '../config/env';
import { accessOf } from './open-store';
import { saveToken } from './token';

let home: string;
beforeEach(() => (home = mkdtempSync(path.join(os.tmpdir(), 'coffee-token-'))));
afterEach(() => rmSync(home, { recursive: true }));

const TOKEN = 'a-token-for-this-test';
const configOf = (gistToken?: string, settings: Record<string, string> = {}): Config =>
  loadConfig({
    ...readEnvironment(),
    ...{ home, xdgConfigHome: undefined, xdgStateHome: undefined, xdgDataHome: undefined },
    gistToken,
    settings: { keyring: 'off', ...settings },
  });
const REMOTES = [
  'https://github.com/ada/usage.git',
  'https://gist.github.com/5f1c.git',
  'https://git.example.org/ada/usage.git',
  'https://git.example.org:8443/ada/usage.git',
  'https://github.com.example.org/ada/usage.git',
  'git@git.example.org:ada/usage.git',
];
const offered = async (config: Config, api?: string): Promise<string[]> => {
  const found: string[] = [];
  for (const remote of REMOTES) {
    const { credential } = await accessOf(config, { remote, ...(api !== undefined && { api }) });
    if (credential) found.push(new URL(remote).host);
  }
  return found;
};
const GITHUB = ['github.com', 'gist.github.com'];

it('offers a token to GitHub, or else to the one host for which it was set', async () => {
  expect(await offered(configOf(TOKEN))).toEqual(GITHUB);
  const api = 'https://git.example.org/api/v3';
  expect(await offered(configOf(TOKEN), api)).toEqual([...GITHUB, 'git.example.org']);
  const named = { gist_token_host: 'git.example.org:8443' };
  expect(await offered(configOf(TOKEN, named))).toEqual(['git.example.org:8443']);

  expect(await offered(configOf())).toEqual([]);
  await saveToken(configOf(), TOKEN);
  expect(await offered(configOf())).toEqual(GITHUB);
  await saveToken(configOf(), TOKEN, 'Git.Example.org');
  expect(await offered(configOf())).toEqual(['git.example.org']);
  expect(await offered(configOf('another-token'))).toEqual([...GITHUB, 'git.example.org']);
  await expect(saveToken(configOf(), TOKEN, 'https://x')).rejects.toMatchObject({
    code: 'invalid_input',
  });
});
