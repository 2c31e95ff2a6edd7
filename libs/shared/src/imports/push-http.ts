import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { AppError } from '../errors';
import { exportRecords } from '../spool/export';
import { httpPlace } from '../texts/places';
import { sendTexts } from '../texts/send';
import { addCounts, handedIn, NO_COUNTS, type ImportCounts } from './import-counts';
import type { HttpSettings } from './push-settings';
import type { PushOptions, PushResult } from './push-spool';

/** What the dashboard answers; `cursor` is the last record that it has by this road. */
export interface RecordsAnswer extends ImportCounts {
  cursor: string | null;
}

/** Unpacked, in one request: little enough to be done within any proxy's patience. */
const PART_BYTES = 2 << 20;
const LINE_FEED = 10;
const MOST_TRIES = 6;
const LONGEST_PAUSE_MS = 60_000;
const ANSWER_MS = 120_000;

/**
 * Sends what the receiver does not have yet, part by part; it moves its cursor with each. Waits as long as
 * it is asked to, up to a minute. Throws `not_reachable`, `not_allowed` for a token that is none, `failed`.
 */
export async function pushOverHttp(
  settings: HttpSettings,
  options: PushOptions & { signal?: AbortSignal | undefined },
): Promise<PushResult> {
  const { cursor } = await ask(settings, { method: 'GET' }, options.signal);
  const parts = partsOf(exportRecords({ ...options, after: cursor ?? undefined }));
  let counts = NO_COUNTS;
  let anew = false;
  let sent = 0;
  for (const { header, body, records } of parts) {
    anew ||= header.includes('"after_found":false');
    if (records === 0) continue;
    const part = Buffer.concat([header, body]);
    counts = addCounts(counts, await send(settings, part, options.signal));
    sent += records;
    options.onProgress?.(sent);
  }
  const texts = await sendTexts(options.paths, httpPlace(settings.http_url), (lines) =>
    send(settings, lines, options.signal),
  );
  return {
    counts: addCounts(counts, texts.counts),
    anew,
    texts: handedIn(texts.counts),
    textsKept: texts.kept,
  };
}

async function send(
  settings: HttpSettings,
  lines: Buffer,
  signal: AbortSignal | undefined,
): Promise<ImportCounts> {
  const packed = await promisify(gzip)(lines, { level: 1 });
  const headers = { 'Content-Type': 'application/x-ndjson', 'Content-Encoding': 'gzip' };
  return ask(settings, { method: 'POST', headers, body: new Uint8Array(packed) }, signal);
}

interface Part {
  /** The export's first line: with it the receiver knows that this is one. */
  header: Buffer;
  /** Whole lines. */
  body: Buffer;
  records: number;
}

function* partsOf(pieces: Iterable<Buffer>): Generator<Part> {
  let header: Buffer | undefined;
  let held: Buffer = Buffer.alloc(0);
  for (const piece of pieces) {
    if (header === undefined) {
      header = piece;
      continue;
    }
    held = held.length === 0 ? piece : Buffer.concat([held, piece]);
    if (held.length < PART_BYTES) continue;
    const end = held.lastIndexOf(LINE_FEED) + 1;
    if (end === 0) continue;
    yield { header, body: held.subarray(0, end), records: count(held.subarray(0, end)) };
    held = Buffer.from(held.subarray(end));
  }
  // Its last line is the export's own end.
  if (header !== undefined) yield { header, body: held, records: Math.max(0, count(held) - 1) };
}

function count(lines: Buffer): number {
  let found = 0;
  for (let at = lines.indexOf(LINE_FEED); at >= 0; at = lines.indexOf(LINE_FEED, at + 1))
    found += 1;
  return found;
}

async function ask(
  { http_url, machine_token }: HttpSettings,
  request: RequestInit,
  signal: AbortSignal | undefined,
): Promise<RecordsAnswer> {
  const url = new URL('api/records', http_url.endsWith('/') ? http_url : `${http_url}/`);
  for (let attempt = 1; ; attempt += 1) {
    signal?.throwIfAborted();
    const patience = AbortSignal.timeout(ANSWER_MS);
    const response = await fetch(url, {
      ...request,
      // Whoever sends us elsewhere does not get the token.
      redirect: 'error',
      headers: { ...(request.headers as object), Authorization: `Bearer ${machine_token}` },
      signal: signal === undefined ? patience : AbortSignal.any([signal, patience]),
    }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw new AppError('not_reachable', `${url.host} does not answer`, {
        hint: 'What was sent before is there; the next push goes on behind it.',
        cause: error,
      });
    });
    const text = await response.text().catch(() => '');
    if (response.ok) return parseAnswer(text, url);
    const busy = response.status === 429 || response.status === 503;
    if (!busy || attempt === MOST_TRIES) throw refusalOf(response.status, text, url);
    await wait(pauseMs(response.headers.get('retry-after'), attempt), undefined, { signal });
  }
}

function pauseMs(retryAfter: string | null, attempt: number): number {
  const seconds = Number(retryAfter);
  const asked = retryAfter !== null && seconds >= 0 ? seconds * 1000 : 1000 * 2 ** attempt;
  return Math.min(LONGEST_PAUSE_MS, asked * (1 + Math.random() / 4));
}

function parseAnswer(text: string, url: URL): RecordsAnswer {
  try {
    const value = JSON.parse(text) as Partial<RecordsAnswer>;
    const numbers = ['inserted', 'revised', 'duplicate', 'refused', 'conflicts'] as const;
    const counts = Object.fromEntries(numbers.map((name) => [name, Number(value[name] ?? 0)]));
    const cursor = typeof value.cursor === 'string' ? value.cursor : null;
    return { ...NO_COUNTS, ...counts, reasons: value.reasons ?? {}, cursor };
  } catch {
    throw new AppError('failed', `what answers at ${url.host} is no dashboard of ours`, {
      hint: 'Look at the address: coffee-roadmap push --set-up --url URL',
    });
  }
}

function refusalOf(status: number, text: string, url: URL): AppError {
  let said = '';
  try {
    said = String((JSON.parse(text) as { message?: unknown }).message ?? '').slice(0, 300);
  } catch {
    // A proxy speaks, in HTML.
  }
  const message = said === '' ? `${url.host} answers with HTTP status ${status}` : said;
  if (status === 401 || status === 403)
    return new AppError('not_allowed', message, {
      hint: 'coffee-roadmap machines token create makes a new token; push --set-up --url takes it.',
    });
  if (status === 429 || status === 502 || status === 503 || status === 504)
    return new AppError('not_reachable', message, { hint: 'It is busy or away; try again later.' });
  return new AppError('failed', message, {
    hint: status === 404 ? 'Is it a dashboard with a collector? docs/sync.md says how.' : undefined,
  } as { hint?: string });
}
