import { createHash } from 'node:crypto';
import type { ShardInfo } from './machine-entry';
import { encodeShard, linesOf, lineTime, PART_BYTES, PLAIN_BYTES, sha256 } from './shard-content';
import { shardName } from './shard-name';

/** One shard as it was found: what its entry says, and its NDJSON. */
export interface FoundShard {
  info: ShardInfo;
  part: number;
  content: Buffer;
}

/**
 * The shards of one machine and month while lines are added: full parts stay as they are, the last one
 * grows, and the next one begins where it is full.
 */
export class Month {
  /** To be written, by file name. */
  readonly written = new Map<string, Buffer>();
  readonly shards: ShardInfo[] = [];
  private pieces: Buffer[] = [];
  private bytes = 0;
  private part = 1;
  private grown = false;
  private readonly known: Set<string> | undefined;
  private sealing: Promise<void> = Promise.resolve();
  private open: ShardInfo | undefined;

  /** `known`: leave out lines that are there already; for when nobody knows from where to go on. */
  constructor(
    private readonly machineId: string,
    private readonly month: string,
    private readonly asText: boolean,
    options: {
      full: readonly ShardInfo[];
      open: FoundShard | undefined;
      known?: readonly Buffer[];
    },
  ) {
    this.shards.push(...options.full);
    if (options.known) {
      this.known = new Set();
      for (const text of options.known)
        for (const line of linesOf(text)) this.known.add(mark(line));
    }
    if (options.open) {
      this.part = options.open.part;
      this.pieces.push(options.open.content);
      this.bytes = options.open.content.length;
      this.open = options.open.info;
    } else this.part = options.full.length + 1;
  }

  /** False: it was there already. `line` without its line feed; its memory may be used again. */
  add(line: Buffer): boolean {
    if (this.known) {
      const key = mark(line);
      if (this.known.has(key)) return false;
      this.known.add(key);
    }
    if (this.bytes + line.length + 1 > PART_BYTES && this.bytes > 0) this.seal();
    const copy = Buffer.allocUnsafe(line.length + 1);
    line.copy(copy);
    copy[line.length] = 10;
    this.pieces.push(copy);
    this.bytes += copy.length;
    this.grown = true;
    return true;
  }

  async finish(): Promise<void> {
    if (this.grown) this.seal();
    else if (this.open) this.shards.push(this.open);
    await this.sealing;
    this.shards.sort((a, b) => (partOf(a.file) < partOf(b.file) ? -1 : 1));
  }

  private seal(): void {
    const { pieces, part, grown, open } = this;
    this.pieces = [];
    this.bytes = 0;
    this.part += 1;
    this.grown = false;
    this.open = undefined;
    if (!grown && open) {
      this.shards.push(open);
      return;
    }
    const before = this.sealing;
    this.sealing = this.write(part, Buffer.concat(pieces)).then(() => before);
  }

  private async write(part: number, content: Buffer): Promise<void> {
    const packed = content.length > PLAIN_BYTES;
    const { machineId, month, asText } = this;
    const file = shardName({ machineId, month, part, packed, asText });
    const bytes = await encodeShard(content, { packed, asText });
    this.written.set(file, bytes);
    this.shards.push({ file, ...describe(content), bytes: bytes.length, sha256: sha256(bytes) });
  }
}

const mark = (line: Buffer): string => createHash('sha1').update(line).digest('base64');
const partOf = (file: string): number => Number(/_p(\d+)\./.exec(file)?.[1]);

function describe(content: Buffer): Pick<ShardInfo, 'records' | 'first' | 'last'> {
  let records = 0;
  let first = '9';
  let last = '';
  for (const line of linesOf(content)) {
    records += 1;
    const at = lineTime(line) ?? '';
    if (at < first) first = at;
    if (at > last) last = at;
  }
  return { records, first, last };
}
