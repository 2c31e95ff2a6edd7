import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { readPrivateJson, writePrivateJson } from '../config/private-file';
import { AppError } from '../errors';
import type { SignIn } from './session-queries';

/**
 * Links and sessions of a dashboard that runs with one's own login. They are for this account's
 * browsers alone, so they are kept, hashed, in a file that only this account can read.
 */
interface Known {
  link: Entry | null;
  sessions: OpenEntry[];
}

interface Entry {
  hash: string;
  expires_at: string;
}

interface OpenEntry extends Entry {
  browser?: string;
}

const LINK_MS = 10 * 60_000;
const SESSION_MS = 7 * 86_400_000;
const MOST_SESSIONS = 20;
/** Short enough for a line of a terminal with the address in front; good for ten minutes. */
const LINK_BYTES = 16;
const SESSION_BYTES = 32;

/** The code of a new link; the one before is void. */
export function newOwnLink(
  stateFolder: string,
  now = Date.now(),
): { code: string; expiresAt: Date } {
  const { secret, entry } = make(now + LINK_MS, LINK_BYTES);
  write(stateFolder, { ...read(stateFolder), link: entry });
  return { code: secret, expiresAt: new Date(entry.expires_at) };
}

/** Throws `not_found` for a code that is not valid, or not any more. */
export function openOwnSession(
  stateFolder: string,
  code: string,
  browser: string,
  now = Date.now(),
): { token: string; expiresAt: Date } {
  const known = read(stateFolder);
  if (known.link === null || !matches(known.link, code, now)) {
    throw new AppError('not_found', 'this link is not valid, or not any more', {
      hint: 'coffee-roadmap dashboard --link prints a new one.',
    });
  }
  const { secret, entry } = make(now + SESSION_MS, SESSION_BYTES);
  const opened = { ...entry, browser: browser.slice(0, 300) };
  const sessions = [opened, ...known.sessions.filter((one) => isLive(one, now))];
  write(stateFolder, { link: null, sessions: sessions.slice(0, MOST_SESSIONS) });
  return { token: secret, expiresAt: new Date(entry.expires_at) };
}

export function isOwnSession(stateFolder: string, token: string, now = Date.now()): boolean {
  return read(stateFolder).sessions.some((one) => matches(one, token, now));
}

/** Those that live, newest first. `token`: of whoever asks. */
export function listOwnSessions(stateFolder: string, token = '', now = Date.now()): SignIn[] {
  return read(stateFolder)
    .sessions.filter((one) => isLive(one, now))
    .map((one) => ({
      id: idOf(one),
      browser: one.browser ?? null,
      created_at: new Date(Date.parse(one.expires_at) - SESSION_MS),
      expires_at: new Date(one.expires_at),
      current: one.hash === hashOf(token),
    }));
}

export function endOwnSession(stateFolder: string, token: string): void {
  keepSessions(stateFolder, (one) => one.hash !== hashOf(token));
}

/** Throws `not_found` for an id that none has. */
export function endOwnSessionById(stateFolder: string, id: string): void {
  if (keepSessions(stateFolder, (one) => idOf(one) !== id) > 0) return;
  throw new AppError('not_found', 'there is no such sign-in of yours', {
    hint: 'coffee-roadmap dashboard --sessions',
  });
}

/** Returns how many. */
export function endOwnSessions(stateFolder: string): number {
  return keepSessions(stateFolder, () => false);
}

/** Returns how many end. */
function keepSessions(stateFolder: string, keep: (one: OpenEntry) => boolean): number {
  const known = read(stateFolder);
  const sessions = known.sessions.filter(keep);
  write(stateFolder, { ...known, sessions });
  return known.sessions.length - sessions.length;
}

/** A part of the hash of a secret of 256 bits: names it, and gives nothing of it away. */
const idOf = (entry: Entry): string => entry.hash.slice(0, 32);

function make(expires: number, bytes: number): { secret: string; entry: Entry } {
  const secret = randomBytes(bytes).toString('hex');
  return {
    secret,
    entry: { hash: hashOf(secret), expires_at: new Date(expires).toISOString() },
  };
}

function matches(entry: Entry, secret: string, now: number): boolean {
  return isLive(entry, now) && entry.hash === hashOf(secret);
}

const isLive = (entry: Entry, now: number): boolean => Date.parse(entry.expires_at) > now;
const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

function read(stateFolder: string): Known {
  return readPrivateJson<Known>(fileOf(stateFolder)) ?? { link: null, sessions: [] };
}

function write(stateFolder: string, known: Known): void {
  writePrivateJson(fileOf(stateFolder), known);
}

const fileOf = (stateFolder: string): string => path.join(stateFolder, 'dashboard-sessions.json');
