import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Paths } from '../config/paths';
import { cleanLabel, defaultLabel } from './default-label';
import { hardwareMark } from './hardware';
import {
  ensureIdentity,
  findIdentity,
  identityFile,
  isCopied,
  NO_IDENTITY,
  rememberHardware,
  requireIdentity,
} from './identity';
import { setAside } from './set-aside';

let home: string;
let paths: Paths;
beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), 'coffee machine '));
  const folder = (name: string) => path.join(home, name, 'coffee-roadmap');
  paths = { config: folder('config'), data: folder('data'), state: folder('state') };
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const ensure = (label?: string) => ensureIdentity(paths, { label, fallback: () => 'host' });

it('is made once, and closed to others', () => {
  expect(findIdentity(paths)).toBeUndefined();
  const first = ensure();
  expect(first).toMatchObject({ created: true, identity: { label: 'host' } });
  expect(ensure()).toEqual({ ...first, created: false });
  expect(JSON.parse(readFileSync(identityFile(paths), 'utf8'))).toEqual(first.identity);
  expect(statSync(identityFile(paths)).mode & 0o777).toBe(0o600);
  expect(statSync(paths.data).mode & 0o777).toBe(0o700);
});

it('changes only the label', () => {
  const { identity } = ensure();
  expect(ensure('devbox').identity).toEqual({ ...identity, label: 'devbox' });
  expect(ensure().identity.label).toBe('devbox');
  expect(() => ensure(' \x1b ')).toThrow('nothing that can be shown');
});

it('says what to do where there is none', () => {
  expect(() => requireIdentity(paths)).toThrow(NO_IDENTITY);
  expect(NO_IDENTITY).toBe("No machine identity found. Run 'coffee-roadmap init' first.");
});

it.each(['{', '[]', '{"machine_id":"devbox","label":"x"}'])('does not replace %s', (text) => {
  ensure();
  writeFileSync(identityFile(paths), text);
  expect(() => ensure()).toThrow();
  expect(readFileSync(identityFile(paths), 'utf8')).toBe(text);
});

it('notices a home that was copied to other hardware', () => {
  const { identity } = ensure();
  expect(isCopied(paths, identity)).toBe(false);
  if (hardwareMark(identity.machine_id) === undefined) return; // this system does not say
  writeFileSync(path.join(paths.state, 'machine-hardware'), 'of another\n');
  expect(isCopied(paths, identity)).toBe(true);
  rememberHardware(paths, identity.machine_id);
  expect(isCopied(paths, identity)).toBe(false);
});

it('starts anew beside what a copied home had', () => {
  const { identity } = ensure('laptop');
  const aside = setAside(paths);
  expect(aside?.identity).toEqual(identity);
  expect(findIdentity(paths)).toBeUndefined();
  expect(ensure().identity.machine_id).not.toBe(identity.machine_id);
  expect(readFileSync(path.join(aside!.folder, 'machine.json'), 'utf8')).toContain(
    identity.machine_id,
  );
});

/** What a program says that begins with `modules` of this folder; by its own PATH. */
async function say(script: string, env = process.env): Promise<string> {
  const child = spawn(
    process.execPath,
    [
      '-e',
      `const { transformFileSync } = require('@swc/core');
    require.extensions['.ts'] = (module, file) => module._compile(
      transformFileSync(file, { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' } }).code, file);
    ${script}`,
    ],
    { cwd: process.cwd(), env },
  );
  let out = '';
  child.stdout.on('data', (data: Buffer) => (out += String(data)));
  await new Promise((resolve) => child.once('close', resolve));
  return out;
}
const beside = (name: string): string => JSON.stringify(path.join(__dirname, name));

it('is one for all who make it at once', async () => {
  const script = `const { ensureIdentity } = require(${beside('identity.ts')});
    const { identity } = ensureIdentity(${JSON.stringify(paths)},
      { label: undefined, fallback: () => 'host' });
    process.stdout.write(identity.machine_id);`;
  const ids = await Promise.all(Array.from({ length: 6 }, () => say(script)));
  expect(new Set(ids)).toEqual(new Set([findIdentity(paths)?.machine_id]));
});

it('is called as WORKSTATION_ID says, else as the host', () => {
  expect(defaultLabel('my box')).toBe('my box');
  expect(defaultLabel(' ')).toBe(defaultLabel(undefined));
  expect(defaultLabel(undefined)).not.toBe('');
  expect(cleanLabel('a\nb\x1b[2J\u202e')).toBe('ab[2J');
});

it('is called as scutil says on macOS, where WORKSTATION_ID says nothing and scutil something', async () => {
  const scutil = (text: string): void =>
    writeFileSync(path.join(home, 'scutil'), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  const script = `Object.defineProperty(process, 'platform', { value: 'darwin' });
    const { defaultLabel } = require(${beside('default-label.ts')});
    process.stdout.write(JSON.stringify([defaultLabel('desk'), defaultLabel(undefined)]));`;
  const labels = async (): Promise<unknown> =>
    JSON.parse(await say(script, { ...process.env, PATH: `${home}:${process.env.PATH}` }));
  scutil('test "$*" = "--get LocalHostName" && echo Adas-MacBook');
  expect(await labels()).toEqual(['desk', 'Adas-MacBook']);
  scutil('exit 1');
  expect(await labels()).toEqual(['desk', cleanLabel(os.hostname())]);
});
