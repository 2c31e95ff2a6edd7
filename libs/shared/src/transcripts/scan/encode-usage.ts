import { ascii } from './json-bytes';
import { F, N, type FieldName, type LineFields } from './line-fields';
import type { PlaceMemory } from './place-memory';
import type { RecordBytes } from './record-bytes';
import { cache1h, cache5m, cacheRead, isFast } from './usage-rules';

const AT = ascii('","at":"');
const HEAD = ascii('","type":"usage","source":"claude"');
const MESSAGE_ID = ascii(',"message_id":"');
const REQUEST_ID = ascii(',"request_id":"');
const LINE_UUID = ascii(',"line_uuid":"');
const SESSION_ID = ascii(',"session_id":"');
const AGENT_ID = ascii(',"agent_id":"');
const SIDECHAIN = ascii(',"is_sidechain":true');
const NO_SIDECHAIN = ascii(',"is_sidechain":false');
const MODEL = ascii(',"model":"');
const FAST = ascii(',"speed":"fast"');
const STANDARD = ascii(',"speed":"standard"');
const INPUT = ascii(',"input_tokens":');
const OUTPUT = ascii(',"output_tokens":');
const CACHE_READ = ascii(',"cache_read_tokens":');
const CACHE_5M = ascii(',"cache_write_5m_tokens":');
const CACHE_1H = ascii(',"cache_write_1h_tokens":');
const COST = ascii(',"logged_cost_usd":"');
const FOLDER = ascii(',"folder":"');
const BRANCH = ascii(',"git_branch":"');
const VERSION = ascii(',"version":"');
const COLON = 58;
const QUOTE = 34;
const END = ascii('}\n');

const MOST = { folder: 4096, branch: 512, version: 64, model: 200 };

export interface UsageLine {
  b: Buffer;
  /** The message's own fields. */
  f: LineFields;
  /** Those of the line around it: session, folder, branch, version. */
  place: LineFields;
  memory: PlaceMemory;
  /** 24 bytes. */
  at: Buffer;
  /** The discriminator, as inside a JSON string. */
  key: RecordBytes;
  /** Of a file that is a sub-agent's; where the line itself does not say. */
  agentId: string | undefined;
  /** Stands for a line uuid that is missing where nothing else tells the message. */
  fallbackUuid: string | undefined;
}

/** Writes one usage record with its line feed. `head`: up to and with the colon before the time. */
export function encodeUsage(out: RecordBytes, head: Uint8Array, line: UsageLine): void {
  const { b, f, place, at } = line;
  out.put(head);
  out.copy(at, 0, 24);
  out.putByte(COLON);
  out.putAll(line.key);
  out.put(AT);
  out.copy(at, 0, 24);
  out.put(HEAD);
  putId(out, b, MESSAGE_ID, f, F.messageId);
  putId(out, b, REQUEST_ID, f, F.request);
  if (line.fallbackUuid === undefined) putId(out, b, LINE_UUID, f, F.uuid);
  else putString(out, LINE_UUID, line.fallbackUuid);
  putId(out, b, SESSION_ID, place, F.session);
  if (place.has(F.agent)) putId(out, b, AGENT_ID, place, F.agent);
  else if (line.agentId !== undefined) putString(out, AGENT_ID, line.agentId);
  out.put(f.isSidechain ? SIDECHAIN : NO_SIDECHAIN);
  putText(out, b, MODEL, f, F.model, MOST.model);
  if (f.has(F.speed)) out.put(isFast(b, f) ? FAST : STANDARD);
  putTokens(out, INPUT, f.numbers[N.input]!);
  putTokens(out, OUTPUT, f.numbers[N.output]!);
  putTokens(out, CACHE_READ, cacheRead(f));
  putTokens(out, CACHE_5M, cache5m(f));
  putTokens(out, CACHE_1H, cache1h(f));
  if (f.has(F.cost)) putCost(out, b.toString('latin1', f.at[F.cost], f.to[F.cost]));
  putPlace(out, line);
  out.put(END);
}

const OF_PLACE: readonly FieldName[] = [F.cwd, F.branch, F.version];

/** Once made, the same for all lines of the place. */
function putPlace(out: RecordBytes, { b, place, memory }: UsageLine): void {
  const start = out.length;
  const isKept =
    place.placeAt > 0 &&
    OF_PLACE.every((field) => place.at[field] === 0 || memory.holds(place, field));
  if (isKept && memory.toldOf === memory.number) return out.putAll(memory.told);
  putText(out, b, FOLDER, place, F.cwd, MOST.folder);
  putText(out, b, BRANCH, place, F.branch, MOST.branch);
  putText(out, b, VERSION, place, F.version, MOST.version);
  if (!isKept) return;
  memory.told.length = 0;
  memory.told.copy(out.bytes, start, out.length);
  memory.toldOf = memory.number;
}

function putId(
  out: RecordBytes,
  b: Buffer,
  name: Uint8Array,
  from: LineFields,
  field: FieldName,
): void {
  const at = from.at[field]!;
  if (at <= 0 || at === from.to[field]) return;
  out.put(name);
  out.putId(b, at, from.to[field]!);
  out.putByte(QUOTE);
}

function putText(
  out: RecordBytes,
  b: Buffer,
  name: Uint8Array,
  from: LineFields,
  field: FieldName,
  most: number,
): void {
  const at = from.at[field]!;
  if (at <= 0 || at === from.to[field]) return;
  out.put(name);
  out.putText(b, at, from.to[field]!, most);
  out.putByte(QUOTE);
}

function putTokens(out: RecordBytes, name: Uint8Array, value: number): void {
  out.put(name);
  out.putNumber(value);
}

function putString(out: RecordBytes, name: Uint8Array, text: string): void {
  out.put(name);
  out.putString(text);
  out.putByte(QUOTE);
}

const PLAIN = /^(?:0|[1-9]\d{0,8})(?:\.\d{1,18})?$/;

function putCost(out: RecordBytes, raw: string): void {
  const value = Number(raw);
  if (!(value >= 0 && value < 1e9)) return;
  const plain = PLAIN.test(raw) ? raw : value.toFixed(18).replace(/\.?0+$/, '');
  putString(out, COST, plain);
}
