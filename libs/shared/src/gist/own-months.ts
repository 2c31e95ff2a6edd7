import { parseLine } from '../records/parse-line';
import { ShardRefused, linesOf } from '../shards/shard-content';
import { Month } from '../shards/month';
import type { ShardInfo } from '../shards/machine-entry';
import type { RemoteMachine, RemoteShard } from './read-remote';

/** What is there of this machine does not fit what it knows: everything has to be looked at again. */
export class NotAsKnown extends Error {}

/** The months of this machine in a remote, each read when the first line comes for it. */
export class OwnMonths {
  readonly months = new Map<string, Month>();
  /** Shards that could not be read, and are written anew. */
  readonly mended: string[] = [];

  constructor(
    private readonly machineId: string,
    private readonly before: RemoteMachine | undefined,
    /** `careful`: leave out what is there already; `all`: look at every month, and mend it. */
    private readonly options: { careful: boolean; all: boolean; asText: boolean },
  ) {}

  async open(name: string): Promise<Month> {
    const known = this.months.get(name);
    if (known) return known;
    const shards = this.shardsOf(name);
    const month = this.options.careful
      ? await this.reread(name, shards)
      : await this.goOn(name, shards);
    this.months.set(name, month);
    return month;
  }

  /** Of every month, those too that no line came for. */
  async finish(): Promise<ShardInfo[]> {
    if (this.options.all) for (const name of this.names()) await this.open(name);
    const shards: ShardInfo[] = [];
    for (const name of new Set([...this.names(), ...this.months.keys()])) {
      const month = this.months.get(name);
      await month?.finish();
      shards.push(...(month?.shards ?? this.shardsOf(name).map(({ info }) => info!)));
    }
    return shards.sort((a, b) => (a.file < b.file ? -1 : 1));
  }

  private names(): string[] {
    return [...new Set(this.before?.shards.map(({ name }) => name.month))];
  }

  private shardsOf(month: string): RemoteShard[] {
    const shards = this.before?.shards.filter(({ name }) => name.month === month) ?? [];
    return shards.sort((a, b) => a.name.part - b.name.part);
  }

  private async goOn(name: string, shards: RemoteShard[]): Promise<Month> {
    const last = shards.at(-1);
    if (last === undefined) return this.month(name, { full: [], open: undefined });
    const content = await last.read().catch((error: unknown) => {
      throw error instanceof ShardRefused ? new NotAsKnown() : error;
    });
    const open = { info: last.info!, part: last.name.part, content };
    return this.month(name, { full: shards.slice(0, -1).map(({ info }) => info!), open });
  }

  /** A month of which a shard cannot be read is written anew from the others and the spool. */
  private async reread(name: string, shards: RemoteShard[]): Promise<Month> {
    const found: { shard: RemoteShard; content: Buffer }[] = [];
    let good = shards.every(({ info, name: { part } }, i) => info !== undefined && part === i + 1);
    for (const shard of shards) {
      try {
        found.push({ shard, content: await shard.read() });
      } catch (error) {
        if (!(error instanceof ShardRefused)) throw error;
        this.mended.push(shard.file);
        good = false;
      }
    }
    if (!good && !this.options.all) throw new NotAsKnown();
    const last = found.at(-1);
    if (good) {
      return this.month(name, {
        full: found.slice(0, -1).map(({ shard }) => shard.info!),
        open: last && { info: last.shard.info!, part: last.shard.name.part, content: last.content },
        known: found.map(({ content }) => content),
      });
    }
    const month = this.month(name, { full: [], open: undefined, known: [] });
    for (const { content } of found) {
      for (const line of linesOf(content)) {
        const parsed = parseLine(line);
        if (parsed.kind === 'record' && parsed.machineId === this.machineId) month.add(line);
      }
    }
    return month;
  }

  private month(name: string, options: ConstructorParameters<typeof Month>[3]): Month {
    return new Month(this.machineId, name, this.options.asText, options);
  }
}
