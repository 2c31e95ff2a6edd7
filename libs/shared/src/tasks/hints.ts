import type { Hint } from '../db/listener';

/** Hands one listener's hints to all that wait for something. */
export interface Hints {
  publish(hint: Hint): void;
  /** Returns the function that ends it. */
  subscribe(receive: (hint: Hint) => void): () => void;
}

export function createHints(): Hints {
  const receivers = new Set<(hint: Hint) => void>();
  return {
    publish(hint) {
      for (const receive of [...receivers]) receive(hint);
    },
    subscribe(receive) {
      receivers.add(receive);
      return () => receivers.delete(receive);
    },
  };
}
