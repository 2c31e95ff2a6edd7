import { AppError } from '../errors';
import { MOST_FILE_BYTES } from '../shards/machine-entry';
import { MANIFEST, parseEntryName, parseShardName } from '../shards/shard-name';
import type { GitHubClient } from '../github/github-client';
import type { Changes, CompareAndSwapStore, Revision, Snapshot, StoredFile } from './store';

interface GistFile {
  filename?: string;
  size?: number;
  raw_url?: string;
  truncated?: boolean;
  content?: string;
}

interface Gist {
  files: Record<string, GistFile | null>;
  truncated?: boolean;
  history: { version: string; committed_at: string }[];
}

/** Larger bodies are refused with 422 sooner or later; one file goes alone if it has to. */
const MOST_BODY_BYTES = 4 << 20;
const PAGE = 100;

/**
 * A gist through GitHub's API. It cannot compare and swap: what is written is read back, and where another
 * write came in between, or may have, `moved` makes the caller look again and put right what that dropped.
 */
export class GistStore implements CompareAndSwapStore {
  readonly kind = 'gist';
  readonly textOnly = true;
  readonly dailySnapshots = true;

  constructor(
    private readonly client: GitHubClient,
    private readonly id: string,
  ) {
    if (!/^[0-9a-zA-Z]{1,64}$/.test(id))
      throw new AppError('invalid_input', 'this is no gist’s id', {
        hint: 'It is the last part of the gist’s address.',
      });
  }

  async read(): Promise<Snapshot> {
    return this.snapshot((await this.client.ask('GET', `/gists/${this.id}`)).body);
  }

  async readAt(version: string): Promise<Snapshot> {
    if (!/^[0-9a-f]{4,64}$/.test(version))
      throw new AppError('invalid_input', 'this is no version of a gist');
    return this.snapshot((await this.client.ask('GET', `/gists/${this.id}/${version}`)).body);
  }

  async swap(expected: Snapshot, changes: Changes): Promise<Snapshot | 'moved'> {
    const [now] = await this.commits(1, 1);
    if ((now?.version ?? null) !== expected.version) return 'moved';
    let last = expected.version;
    let overtaken = false;
    const batches = inBatches(changes);
    while (batches.length > 0) {
      const batch = batches.shift()!;
      const { status, body } = await this.patch(batch);
      if (status === 409) return 'moved';
      if (status === 422) {
        if (batch.length === 1) throw tooLarge(batch[0]![0]);
        const half = Math.ceil(batch.length / 2);
        batches.unshift(batch.slice(0, half), batch.slice(half));
        continue;
      }
      const [mine, before] = gistOf(body).history;
      if (mine?.version !== last && before?.version !== last) overtaken = true;
      last = mine?.version ?? null;
    }
    const after = await this.read();
    return overtaken || after.version !== last ? 'moved' : after;
  }

  async history(): Promise<Revision[]> {
    const all: Revision[] = [];
    for (let page = 1; ; page += 1) {
      const some = await this.commits(PAGE, page);
      all.push(...some);
      if (some.length < PAGE) return all;
    }
  }

  private async commits(perPage: number, page: number): Promise<Revision[]> {
    const query = `per_page=${perPage}&page=${page}`;
    const { body } = await this.client.ask('GET', `/gists/${this.id}/commits?${query}`);
    const found = Array.isArray(body) ? (body as (Gist['history'][number] | null)[]) : [];
    return found
      .filter((one) => one !== null)
      .map(({ version, committed_at }) => ({ version, at: committed_at }));
  }

  private patch(batch: [string, Buffer | null][]): Promise<{ status: number; body: unknown }> {
    const files = Object.fromEntries(
      batch.map(([name, bytes]) => [name, bytes && { content: bytes.toString('utf8') }]),
    );
    return this.client.ask('PATCH', `/gists/${this.id}`, { files }, [409, 422]);
  }

  private snapshot(body: unknown): Snapshot {
    const gist = gistOf(body);
    if (gist.truncated === true) {
      throw new AppError('failed', 'the gist has more files than its API shows', {
        hint: 'Use its git address: coffee-roadmap gist setup --remote https://gist.github.com/ID.git',
      });
    }
    const files = new Map<string, StoredFile>();
    for (const [name, file] of Object.entries(gist.files)) {
      if (file) files.set(name, { bytes: file.size ?? 0, read: () => this.readFile(name, file) });
    }
    return { version: gist.history[0]?.version ?? null, files };
  }

  private async readFile(name: string, file: GistFile): Promise<Buffer> {
    const content = Buffer.from(String(file.content ?? ''), 'utf8');
    // Over a megabyte it is cut; what is no text comes damaged.
    const whole = file.truncated !== true && content.length === file.size;
    if (whole && !name.endsWith('.gz')) return content;
    if (typeof file.raw_url !== 'string' || !URL.canParse(file.raw_url))
      throw new AppError('failed', 'GitHub gives no address for a file of the gist');
    return this.client.raw(file.raw_url, MOST_FILE_BYTES);
  }
}

/** Records before what tells of them, so that nothing is told that is not there. */
function inBatches(changes: Changes): [string, Buffer | null][][] {
  const rank = (name: string, bytes: Buffer | null): number => {
    if (name === MANIFEST) return 3;
    if (bytes === null) return 2;
    if (parseEntryName(name) !== undefined) return 1;
    return parseShardName(name) === undefined ? 1 : 0;
  };
  const sorted = [...changes].sort(([a, x], [b, y]) => rank(a, x) - rank(b, y));
  const batches: [string, Buffer | null][][] = [];
  let bytes = Infinity;
  for (const one of sorted) {
    const size = one[1]?.length ?? 0;
    if (bytes + size > MOST_BODY_BYTES) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)!.push(one);
    bytes += size;
  }
  return batches;
}

function gistOf(body: unknown): Gist {
  const found = body as Partial<Gist> | undefined;
  const files = found?.files;
  if (typeof files !== 'object' || files === null || !Array.isArray(found?.history))
    throw new AppError('failed', 'GitHub’s answer is no gist');
  return found as Gist;
}

const tooLarge = (name: string): AppError =>
  new AppError('failed', `GitHub does not take ${name}: too large, or it does not like it`, {
    hint: 'Use the gist’s git address: coffee-roadmap gist setup --remote https://gist.github.com/ID.git',
  });
