import { ascii } from './json-bytes';
import type { RecordBytes } from './record-bytes';

const AT = ascii('","at":"');
const FOLDER = ascii(',"folder":');
const SESSION_ID = ascii(',"session_id":');
const TOOL = ascii(',"tool":"');
const SOURCE = '","type":"agent_tool_use","source":"remote.agent"';
const USER_SOURCE = '","type":"user_message","source":"remote.agent"';
const HEADS = { agent_tool_use: ascii(SOURCE), user_message: ascii(USER_SOURCE) };
const COLON = 58;
const QUOTE = 34;
const END = ascii('}\n');
const MOST_TOOL = 200;

/** What is the same in all records of a session until it changes folder, as JSON with its quotes. */
export interface ActivityPlace {
  folder: Uint8Array | null;
  session: Uint8Array | null;
}

export interface Span {
  b: Buffer;
  from: number;
  to: number;
}

/** Writes one record of a person's message or of an agent's tool use, with its line feed. */
export function encodeActivity(
  out: RecordBytes,
  type: keyof typeof HEADS,
  head: Uint8Array,
  line: { at: Buffer; key: Span; tool?: Span; place: ActivityPlace },
): void {
  const { at, key, tool, place } = line;
  out.put(head);
  out.copy(at, 0, 24);
  out.putByte(COLON);
  out.putId(key.b, key.from, key.to);
  out.put(AT);
  out.copy(at, 0, 24);
  out.put(HEADS[type]);
  if (place.folder !== null) {
    out.put(FOLDER);
    out.put(place.folder);
  }
  if (place.session !== null) {
    out.put(SESSION_ID);
    out.put(place.session);
  }
  if (tool !== undefined) {
    out.put(TOOL);
    out.putText(tool.b, tool.from, tool.to, MOST_TOOL);
    out.putByte(QUOTE);
  }
  out.put(END);
}
