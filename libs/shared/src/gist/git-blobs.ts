import { AppError } from '../errors';
import { readToEnd } from '../git/read-to-end';
import { endGit, spawnGit } from '../git/run-git';
import { MOST_FILE_BYTES } from '../shards/machine-entry';

/** Blobs that are handed out again while a push tries again. */
const MOST_CACHED_BYTES = 16 << 20;

/** The contents of files in a mirror of ours, by their hashes. */
export class Blobs {
  private readonly cache = new Map<string, Buffer>();
  private cachedBytes = 0;

  constructor(private readonly gitDir: string) {}

  async read(hash: string, size: number): Promise<Buffer> {
    const known = this.cache.get(hash);
    if (known) return known;
    const bytes = await this.ask(['cat-file', 'blob', hash], '');
    if (bytes.length !== size) throw unreadable();
    this.keep(hash, bytes);
    return bytes;
  }

  /** Reads many small ones with one process. */
  async prefetch(hashes: readonly string[]): Promise<void> {
    const wanted = hashes.filter((hash) => !this.cache.has(hash));
    if (wanted.length === 0) return;
    const all = await this.ask(['cat-file', '--batch'], `${wanted.join('\n')}\n`);
    for (let at = 0; at < all.length;) {
      const end = all.indexOf(10, at);
      const [hash = '', type, size] = all.toString('latin1', at, end).split(' ');
      if (type !== 'blob') throw unreadable();
      at = end + 1 + Number(size) + 1;
      // A copy, so that one small file does not hold on to all.
      this.keep(hash, Buffer.from(all.subarray(end + 1, at - 1)));
    }
  }

  private keep(hash: string, bytes: Buffer): void {
    if (this.cachedBytes + bytes.length > MOST_CACHED_BYTES) {
      this.cache.clear();
      this.cachedBytes = 0;
    }
    if (bytes.length > MOST_CACHED_BYTES / 4) return;
    this.cache.set(hash, bytes);
    this.cachedBytes += bytes.length;
  }

  private async ask(args: string[], input: string): Promise<Buffer> {
    const child = spawnGit(args, { gitDir: this.gitDir });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const end = await readToEnd(child, {
      timeoutMs: 120_000,
      maxBytes: 2 * MOST_FILE_BYTES,
      kill: () => endGit(child),
    });
    if (end.code !== 0 || end.tooLong) throw unreadable();
    return end.stdout;
  }
}

const unreadable = (): AppError =>
  new AppError('git_failed', 'a file of the remote cannot be read', {
    hint: 'Remove the remote’s folder below the state folder, and do it again.',
  });
