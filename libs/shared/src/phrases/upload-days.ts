import { AppError, messageOf } from '../errors';
import type { PhraseDay, Workstation } from './days';

export interface UploadOptions {
  /** Of the server, with or without /api/set. */
  url: string;
  secret: string;
  workstation: string;
  days: readonly PhraseDay[];
  onDay?: (done: number) => void;
  signal?: AbortSignal;
}

export interface UploadResult {
  sent: number;
  /** Days for which the server has as much or more: a count that is there is never lowered. */
  kept: number;
}

const TIMEOUT_MS = 30_000;

/**
 * SETs this machine's days at a counter of the original format. Where the server shows what it has, no
 * number of it is lowered: transcripts that are gone have been counted once. Throws `not_allowed` for a wrong
 * secret, `not_reachable`, `failed` for another answer than the format has.
 */
export async function uploadDays(options: UploadOptions): Promise<UploadResult> {
  const set = addressOf(options.url);
  const there = await daysThere(set, options);
  const result = { sent: 0, kept: 0 };
  for (const day of options.days) {
    if (options.signal?.aborted === true) break;
    const larger = largest(day, there.get(day.day));
    if (larger === undefined) result.kept += 1;
    else {
      await send(set, options, larger);
      result.sent += 1;
    }
    options.onDay?.(result.sent + result.kept);
  }
  return result;
}

function addressOf(url: string): URL {
  const base = URL.canParse(url) ? new URL(url) : undefined;
  if (base === undefined || !/^https?:$/.test(base.protocol) || base.username !== '')
    throw new AppError('invalid_input', `"${url}" is no address of a server`, {
      hint: 'It is like https://counter.example.org.',
    });
  const path = base.pathname.replace(/\/+$/, '');
  base.pathname = path.endsWith('/api/set') ? path : `${path}/api/set`;
  base.search = '';
  return base;
}

/** Undefined: nothing is larger than what is there. */
function largest(day: PhraseDay, there: PhraseDay | undefined): PhraseDay | undefined {
  if (there === undefined) return day;
  const all = { ...there, ...day };
  let larger = false;
  for (const [name, n] of Object.entries(day)) {
    if (name === 'day') continue;
    const has = Number(there[name] ?? 0);
    if (Number(n) > has) larger = true;
    else all[name] = has;
  }
  return larger ? all : undefined;
}

/** The server's days of this workstation; none where it shows them only to whoever is signed in. */
async function daysThere(set: URL, options: UploadOptions): Promise<Map<string, PhraseDay>> {
  const found = new Map<string, PhraseDay>();
  const address = new URL(set);
  address.pathname = address.pathname.replace(/set$/, 'by-workstation');
  const reply = await ask(address, { signal: AbortSignal.timeout(TIMEOUT_MS) });
  if (!reply.ok) return found;
  const list = (await reply.json().catch(() => [])) as Workstation[];
  if (!Array.isArray(list)) return found;
  const own = list.find(({ workstation_id }) => workstation_id === options.workstation);
  for (const entry of own?.history ?? []) found.set(entry.day, entry);
  return found;
}

async function send(set: URL, { workstation, secret }: UploadOptions, day: PhraseDay) {
  const body = JSON.stringify({ ...day, workstation_id: workstation, secret });
  for (let tries = 0; ; tries += 1) {
    const reply = await ask(set, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (reply.ok) return;
    if (reply.status === 401 || reply.status === 403)
      throw new AppError('not_allowed', 'the server refuses this secret', {
        hint: 'coffee-roadmap machines token create --upload makes one for our own server.',
      });
    const pause = Number(reply.headers.get('retry-after') ?? 5);
    if (reply.status !== 429 || tries >= 5)
      throw new AppError('failed', `the server answers ${reply.status} for ${day.day}`, {
        hint: 'What was sent before is there. Run it again; nothing is counted twice.',
      });
    await new Promise((resolve) => setTimeout(resolve, Math.min(60, pause || 5) * 1000));
  }
}

async function ask(address: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, { redirect: 'error', ...init });
  } catch (error) {
    throw new AppError('not_reachable', `${address.host} does not answer: ${messageOf(error)}`, {
      hint: 'Is that the address of the server?',
      cause: error,
    });
  }
}
