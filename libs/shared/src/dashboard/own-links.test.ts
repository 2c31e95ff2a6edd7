import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  endOwnSession,
  endOwnSessionById,
  endOwnSessions,
  isOwnSession,
  listOwnSessions,
  newOwnLink,
  openOwnSession,
} from './own-links';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'coffee links '));
});
afterEach(() => rmSync(folder, { recursive: true }));

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

it('signs in once, for seven days', () => {
  const { code } = newOwnLink(folder, 0);
  const { token } = openOwnSession(folder, code, '', 9 * MINUTE);
  expect(() => openOwnSession(folder, code, '', 9 * MINUTE)).toThrow('not valid');
  expect(isOwnSession(folder, token, 7 * DAY)).toBe(true);
  expect(isOwnSession(folder, token, 7 * DAY + 9 * MINUTE)).toBe(false);
});

it('is void after ten minutes, and when there is another', () => {
  const first = newOwnLink(folder, 0);
  expect(() => openOwnSession(folder, first.code, '', 10 * MINUTE)).toThrow('not valid');
  newOwnLink(folder, 0);
  expect(() => openOwnSession(folder, first.code, '', 0)).toThrow('not valid');
  expect(() => openOwnSession(folder, '', '', 0)).toThrow('not valid');
});

it('ends one session and leaves the others', () => {
  const open = (): string => openOwnSession(folder, newOwnLink(folder).code, 'Firefox').token;
  const [one, two] = [open(), open()];
  endOwnSession(folder, one);
  expect([isOwnSession(folder, one), isOwnSession(folder, two)]).toEqual([false, true]);
});

it('lists those that live, and ends one by its id, which signs nobody in', () => {
  const open = (browser: string): string =>
    openOwnSession(folder, newOwnLink(folder).code, browser).token;
  const [one, two] = [open('Firefox'), open('x'.repeat(400))];
  const listed = listOwnSessions(folder, one);
  expect(listed.map(({ browser, current }) => [browser?.length, current])).toEqual([
    [300, false],
    [7, true],
  ]);
  expect(isOwnSession(folder, listed[0]!.id)).toBe(false);
  endOwnSessionById(folder, listed[0]!.id);
  expect([isOwnSession(folder, one), isOwnSession(folder, two)]).toEqual([true, false]);
  expect(() => endOwnSessionById(folder, listed[0]!.id)).toThrow('no such sign-in');
  expect(endOwnSessions(folder)).toBe(1);
  expect(listOwnSessions(folder)).toEqual([]);
});

it('keeps nothing that would sign anybody in, in a file for its owner alone', () => {
  const { code } = newOwnLink(folder);
  const { token } = openOwnSession(folder, code, 'Firefox');
  const { code: open } = newOwnLink(folder);
  const file = path.join(folder, 'dashboard-sessions.json');
  const text = readFileSync(file, 'utf8');
  for (const secret of [code, token, open]) expect(text).not.toContain(secret);
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
