import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { ShardName } from './shard-name';

/** A month is cut into parts of about this many bytes of NDJSON: small enough to be sent anew. */
export const PART_BYTES = 4 << 20;
/** NDJSON that is larger is compressed. */
export const PLAIN_BYTES = 1 << 20;
/** What a part may become when it is unpacked: far above what we write, far below what would hurt. */
const MOST_UNPACKED_BYTES = 64 << 20;

const pack = promisify(gzip);
const unpack = promisify(gunzip);

export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex');

/** Why a shard was not read. */
export class ShardRefused extends Error {}

export async function encodeShard(
  lines: Buffer,
  { packed, asText }: Pick<ShardName, 'packed' | 'asText'>,
): Promise<Buffer> {
  if (!packed) return lines;
  const bytes = await pack(lines, { level: 6 });
  return asText ? Buffer.from(`${bytes.toString('base64')}\n`) : bytes;
}

/** The NDJSON of a shard. Throws ShardRefused for what cannot be unpacked, or only to too much. */
export async function decodeShard(
  stored: Buffer,
  { packed, asText }: Pick<ShardName, 'packed' | 'asText'>,
): Promise<Buffer> {
  if (!packed) return stored;
  const bytes = asText ? Buffer.from(stored.toString('latin1'), 'base64') : stored;
  try {
    return await unpack(bytes, { maxOutputLength: MOST_UNPACKED_BYTES });
  } catch (error) {
    const tooLarge = (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE';
    throw new ShardRefused(tooLarge ? 'unpacks to too much' : 'cannot be unpacked');
  }
}

const LINE_FEED = 10;

/** Each whole line without its line feed. */
export function* linesOf(text: Buffer): Generator<Buffer> {
  let from = 0;
  for (let end = text.indexOf(LINE_FEED); end >= 0; end = text.indexOf(LINE_FEED, from)) {
    yield text.subarray(from, end);
    from = end + 1;
  }
}

const AT = Buffer.from('"at":"');

/** When the record of this line happened, as it says; undefined where it does not. */
export function lineTime(line: Buffer): string | undefined {
  const start = line.indexOf(AT);
  if (start < 0) return undefined;
  const at = line.toString('latin1', start + AT.length, start + AT.length + 24);
  return /^\d{4}-(?:0[1-9]|1[0-2])-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(at) ? at : undefined;
}

const ID = Buffer.from('{"v":1,"id":"');

/** The id of the record of this line, as the spool writes it. */
export function lineId(line: Buffer): string | undefined {
  if (!line.subarray(0, ID.length).equals(ID)) return undefined;
  const end = line.indexOf(0x22, ID.length);
  const id = end < 0 ? undefined : line.toString('latin1', ID.length, end);
  return id?.includes('\\') ? undefined : id;
}
