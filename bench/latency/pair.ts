/** Writes a row and waits until another client has read it again. */
export interface Pair {
  /** Milliseconds from before the write to the end of the other client's read. */
  sample(): Promise<number>;
  close(): Promise<void>;
}

/** Lets the reader's side tell the writer's that a row has been read, whichever comes first. */
export function createMeeting(): { arrived(id: number): void; until(id: number): Promise<number> } {
  const readAt = new Map<number, number>();
  const waiting = new Map<number, (at: number) => void>();
  return {
    arrived(id) {
      const at = performance.now();
      const wake = waiting.get(id);
      if (wake === undefined) readAt.set(id, at);
      else wake(at);
      waiting.delete(id);
    },
    until(id) {
      const at = readAt.get(id);
      readAt.delete(id);
      if (at !== undefined) return Promise.resolve(at);
      return new Promise((resolve) => waiting.set(id, resolve));
    },
  };
}
