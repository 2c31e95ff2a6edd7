import { ascii } from './json-bytes';
import { F, type LineFields } from './line-fields';
import type { RecordBytes } from './record-bytes';

const COLON = 58;
const QUOTE = 34;
const AT = ascii('","at":"');
const HEAD = ascii('","type":"phrases","source":"claude"');
const MESSAGE_ID = ascii(',"message_id":"');
const LINE_UUID = ascii(',"line_uuid":"');
const SESSION_ID = ascii(',"session_id":"');

/** Writes a phrases record up to its patterns: they grow while more lines of the message come. */
export function encodePhrases(
  out: RecordBytes,
  head: Uint8Array,
  { b, f, at }: { b: Buffer; f: LineFields; at: Buffer },
): void {
  const byMessage = f.has(F.messageId) && f.at[F.messageId] !== f.to[F.messageId];
  const field = byMessage ? F.messageId : F.uuid;
  out.put(head);
  out.copy(at, 0, 24);
  out.putByte(COLON);
  out.putId(b, f.at[field]!, f.to[field]!);
  out.put(AT);
  out.copy(at, 0, 24);
  out.put(HEAD);
  if (byMessage) {
    out.put(MESSAGE_ID);
    out.putId(b, f.at[F.messageId]!, f.to[F.messageId]!);
    out.putByte(QUOTE);
  }
  if (f.has(F.uuid)) {
    out.put(LINE_UUID);
    out.putId(b, f.at[F.uuid]!, f.to[F.uuid]!);
    out.putByte(QUOTE);
  }
  if (f.has(F.session) && f.at[F.session] !== f.to[F.session]) {
    out.put(SESSION_ID);
    out.putId(b, f.at[F.session]!, f.to[F.session]!);
    out.putByte(QUOTE);
  }
}
