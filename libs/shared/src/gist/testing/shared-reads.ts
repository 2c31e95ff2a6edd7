import type { CompareAndSwapStore, Snapshot } from '../store';

/**
 * Until somebody writes, one reading of a remote is as good as the next, because only one step is under way
 * at any time: it is shared by all machines of a store, until one of any store writes. That leaves out
 * processes, and nothing that can happen.
 */
export class SharedReads {
  private seen = new Map<CompareAndSwapStore, Promise<Snapshot>>();

  over(store: CompareAndSwapStore): CompareAndSwapStore {
    return {
      kind: store.kind,
      textOnly: store.textOnly,
      dailySnapshots: store.dailySnapshots,
      read: () => {
        const known = this.seen.get(store) ?? store.read();
        this.seen.set(store, known);
        return known;
      },
      swap: async (...args) => {
        this.seen.clear();
        const end = await store.swap(...args);
        if (end !== 'moved') this.seen.set(store, Promise.resolve(end));
        return end;
      },
      history: () => store.history(),
      readAt: (version) => store.readAt(version),
    };
  }
}
