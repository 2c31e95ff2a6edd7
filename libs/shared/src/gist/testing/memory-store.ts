import type { Changes, CompareAndSwapStore, Revision, Snapshot } from '../store';

/** What all machines share, in this process's memory: for tests of what is built on stores. */
export class MemoryStore implements CompareAndSwapStore {
  readonly kind = 'memory';
  readonly textOnly = false;
  readonly dailySnapshots = false;
  private readonly versions: ReadonlyMap<string, Buffer>[] = [];
  private readonly snapshots = new Map<string, Snapshot>();

  read(): Promise<Snapshot> {
    const number = this.versions.length;
    return Promise.resolve(number === 0 ? NOTHING : this.snapshot(String(number)));
  }

  swap(expected: Snapshot, changes: Changes): Promise<Snapshot | 'moved'> {
    if (Number(expected.version ?? 0) !== this.versions.length) return Promise.resolve('moved');
    const files = new Map(this.versions.at(-1));
    for (const [name, bytes] of changes) {
      if (bytes === null) files.delete(name);
      else files.set(name, bytes);
    }
    this.versions.push(files);
    return this.read();
  }

  history(): Promise<Revision[]> {
    const revisions = this.versions.map((_, i) => ({
      version: String(i + 1),
      at: new Date(i).toISOString(),
    }));
    return Promise.resolve(revisions.reverse());
  }

  readAt(version: string): Promise<Snapshot> {
    return Promise.resolve(this.snapshot(version));
  }

  private snapshot(version: string): Snapshot {
    const known = this.snapshots.get(version);
    if (known) return known;
    const files = [...(this.versions[Number(version) - 1] ?? [])].map(
      ([name, bytes]) =>
        [name, { bytes: bytes.length, read: () => Promise.resolve(bytes) }] as const,
    );
    const snapshot = { version, files: new Map(files) };
    this.snapshots.set(version, snapshot);
    return snapshot;
  }
}

const NOTHING: Snapshot = { version: null, files: new Map() };
