/** Why a running agent is frozen: any reason is enough, none means it runs. */
export interface Hold {
  readonly held: boolean;
  set(reason: HoldReason, on: boolean): void;
  /** Called at once and at every change. Returns the function that ends it. */
  follow(receive: (held: boolean) => void): () => void;
}

/** `lease_unsure:17`: nobody can tell whether item 17 is still ours. */
export type HoldReason = 'paused' | 'database_away' | 'sandbox_away' | `lease_unsure:${number}`;

export function createHold(): Hold {
  const reasons = new Set<HoldReason>();
  const followers = new Set<(held: boolean) => void>();
  return {
    get held() {
      return reasons.size > 0;
    },
    set(reason, on) {
      const before = reasons.size > 0;
      if (on) reasons.add(reason);
      else reasons.delete(reason);
      const after = reasons.size > 0;
      if (before !== after) for (const follower of [...followers]) follower(after);
    },
    follow(receive) {
      followers.add(receive);
      receive(reasons.size > 0);
      return () => followers.delete(receive);
    },
  };
}
