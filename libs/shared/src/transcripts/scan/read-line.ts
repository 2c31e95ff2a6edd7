import { ascii, FAIL, hasEscape, isAt, keyEnd, skipSpace, valueEnd } from './json-bytes';
import { F, LineFields, type FieldName } from './line-fields';
import type { PlaceMemory } from './place-memory';
import { readMessage } from './read-message';
import { readText } from './read-text';

const PARENT = ascii('parentUuid');
const USER_TYPE = ascii('userType');
const TYPE = ascii('type');
const UUID = ascii('uuid');
const DATA = ascii('data');
const CWD = ascii('cwd');
const IS_META = ascii('isMeta');
const MESSAGE = ascii('message');
const VERSION = ascii('version');
const AGENT_ID = ascii('agentId');
const COST = ascii('costUSD');
const TIMESTAMP = ascii('timestamp');
const SESSION_ID = ascii('sessionId');
const REQUEST_ID = ascii('requestId');
const GIT_BRANCH = ascii('gitBranch');
const IS_SIDECHAIN = ascii('isSidechain');
const IS_COMPACT = ascii('isCompactSummary');
const IS_API_ERROR = ascii('isApiErrorMessage');

const USER = ascii('user');
const ASSISTANT = ascii('assistant');
const PROGRESS = ascii('progress');

/** What a line is, as far as records go. */
export const LINE = { other: 0, user: 1, assistant: 2, progress: 3 } as const;

/**
 * Reads the object whose brace is at `start` into `f` as far as records need it. Lines of other types,
 * and what tools gave back, are left as soon as that is known. Returns what stands behind, or FAIL.
 */
export function readLine(
  b: Buffer,
  start: number,
  end: number,
  f: LineFields,
  place: PlaceMemory,
): number {
  f.clear();
  return readEnvelope(b, start, end, f, place);
}

export function lineType(b: Buffer, f: LineFields): number {
  const at = f.at[F.type]!;
  if (at <= 0) return LINE.other;
  const n = f.to[F.type]! - at;
  if (n === 4 && isAt(b, at, USER)) return LINE.user;
  if (n === 9 && isAt(b, at, ASSISTANT)) return LINE.assistant;
  if (n === 8 && isAt(b, at, PROGRESS)) return LINE.progress;
  return LINE.other;
}

function readEnvelope(
  b: Buffer,
  start: number,
  end: number,
  f: LineFields,
  place: PlaceMemory | undefined,
): number {
  if (b[start] !== 123) return FAIL;
  let p = skipSpace(b, start + 1);
  const first = p + 1;
  let placeAt = 0; // where keys begin that may be kept as a place
  if (b[p] === 125) return p + 1;
  for (;;) {
    if (b[p] !== 34) return FAIL;
    const key = p + 1;
    p = keyEnd(b, key, end, f);
    if (p < 0) return FAIL;
    const length = p - key;
    p = skipSpace(b, p + 1);
    if (b[p] !== 58) return FAIL;
    p = skipSpace(b, p + 1);
    const value = p;
    const field = fieldOf(b, key, length);
    if (placeAt > 0 && !isOfPlace(b, key, length, field)) {
      place!.keep(b, placeAt, key - 1, f);
      placeAt = 0;
    }
    if (field >= 0) p = readText(b, p, end, f, field as FieldName);
    else if (length === 7 && isAt(b, key, MESSAGE)) {
      if (f.sawMessage) f.isOdd = true;
      f.sawMessage = true;
      if (b[p] !== 123) p = valueEnd(b, p, end);
      else p = readMessage(b, p, end, f, lineType(b, f) === LINE.user);
      if (f.abandoned) return p;
    } else if (place !== undefined && length === 4 && isAt(b, key, DATA)) {
      if (f.sawData) f.isOdd = true;
      f.sawData = true;
      p = b[p] === 123 ? readData(b, p, end, f) : valueEnd(b, p, end);
    } else {
      p = valueEnd(b, p, end);
      if (p > 0) readFlag(b, key, length, value, f);
    }
    if (p < 0) return FAIL;
    if (field === F.type && lineType(b, f) === LINE.other) {
      f.abandoned = true;
      if (hasEscape(b, value, p)) f.isOdd = true;
      return p;
    }
    p = skipSpace(b, p);
    const c = b[p];
    if (c === 125) break;
    if (c !== 44) return FAIL;
    p = skipSpace(b, p + 1);
    if (key === first && place !== undefined && length === 10 && isAt(b, key, PARENT)) {
      const behind = place.recognise(b, p, end, f);
      if (behind < 0) placeAt = p;
      else p = skipSpace(b, behind);
    }
  }
  f.complete = true;
  return p + 1;
}

/** -1 for a key that no text of ours stands behind. */
function fieldOf(b: Buffer, key: number, length: number): number {
  switch (length) {
    case 3:
      return isAt(b, key, CWD) ? F.cwd : -1;
    case 4:
      if (isAt(b, key, TYPE)) return F.type;
      return isAt(b, key, UUID) ? F.uuid : -1;
    case 7:
      if (isAt(b, key, VERSION)) return F.version;
      if (isAt(b, key, AGENT_ID)) return F.agent;
      return isAt(b, key, COST) ? F.cost : -1;
    case 9:
      if (isAt(b, key, TIMESTAMP)) return F.timestamp;
      if (isAt(b, key, SESSION_ID)) return F.session;
      if (isAt(b, key, REQUEST_ID)) return F.request;
      return isAt(b, key, GIT_BRANCH) ? F.branch : -1;
    default:
      return -1;
  }
}

function isOfPlace(b: Buffer, key: number, length: number, field: number): boolean {
  if (field >= F.session) return field !== F.request && field <= F.agent;
  return (length === 11 && isAt(b, key, IS_SIDECHAIN)) || (length === 8 && isAt(b, key, USER_TYPE));
}

function readFlag(b: Buffer, key: number, length: number, value: number, f: LineFields): void {
  const yes = b[value] === 116;
  if (length === 11 && isAt(b, key, IS_SIDECHAIN)) f.isSidechain = yes;
  else if (length === 6 && isAt(b, key, IS_META)) f.isMeta = yes;
  else if (length === 16 && isAt(b, key, IS_COMPACT)) f.isCompactSummary = yes;
  else if (length === 17 && isAt(b, key, IS_API_ERROR)) f.broken = b[value] === 110;
}

/** The `data` of a progress line may hold a whole line of a sub-agent as its `message`. */
function readData(b: Buffer, start: number, end: number, f: LineFields): number {
  let p = skipSpace(b, start + 1);
  if (b[p] === 125) return p + 1;
  for (;;) {
    if (b[p] !== 34) return FAIL;
    const key = p + 1;
    p = keyEnd(b, key, end, f);
    if (p < 0) return FAIL;
    const isMessage = p - key === 7 && isAt(b, key, MESSAGE);
    if (isMessage && f.inner?.complete === true) f.isOdd = true;
    p = skipSpace(b, p + 1);
    if (b[p] !== 58) return FAIL;
    p = skipSpace(b, p + 1);
    if (isMessage && b[p] === 123) p = readNested(b, p, end, f);
    else p = valueEnd(b, p, end);
    if (p < 0) return FAIL;
    p = skipSpace(b, p);
    if (b[p] === 125) return p + 1;
    if (b[p] !== 44) return FAIL;
    p = skipSpace(b, p + 1);
  }
}

/** The numbers and ids are the inner line's, the place and the session those of the line around it. */
function readNested(b: Buffer, at: number, end: number, f: LineFields): number {
  const inner = (f.inner ??= new LineFields());
  const p = readEnvelope(b, at, end, inner, undefined);
  if (inner.isOdd) f.isOdd = true;
  return inner.complete ? p : valueEnd(b, at, end);
}
