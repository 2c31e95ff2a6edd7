import type { FrontWindow } from './focus-source';

/** Without input for this long somebody is away: less than attention lasts, so that it is noticed. */
export const AWAY_MS = 3 * 60_000;
/** One who stays in a window and goes on typing is told again: a sign of life speaks for five minutes. */
export const AGAIN_MS = 4 * 60_000;
/** Looks are seconds apart; after a longer pause the machine was asleep. */
export const ASLEEP_MS = 60_000;

export interface Look {
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly window: FrontWindow | null;
  /** Milliseconds since the last input; null: the platform does not say. */
  readonly idleMs: number | null;
}

export type FocusSign =
  | { readonly kind: 'window'; readonly at: number; readonly window: FrontWindow }
  | {
      readonly kind: 'afk';
      readonly at: number;
      readonly status: 'idle' | 'active';
      readonly idleMs: number | null;
    };

/** Makes of looks, each a few seconds after the other, what is worth a record. */
export class FocusTracker {
  private last: { now: number } | undefined;
  private front: FrontWindow | null = null;
  private toldAt = 0;
  private isAway = false;

  look({ now, window, idleMs }: Look): FocusSign[] {
    const signs: FocusSign[] = [];
    const pause = this.last === undefined ? 0 : now - this.last.now;
    this.last = { now };
    if (pause > ASLEEP_MS && !this.isAway) {
      this.isAway = true;
      const idle = Math.max(pause, idleMs ?? 0);
      signs.push({ kind: 'afk', at: now, status: 'idle', idleMs: idle });
    }
    if (idleMs !== null && idleMs >= AWAY_MS) {
      if (!this.isAway) signs.push({ kind: 'afk', at: now, status: 'idle', idleMs });
      this.isAway = true;
      return signs;
    }
    const isBack = this.isAway;
    this.isAway = false;
    if (isBack) signs.push({ kind: 'afk', at: now, status: 'active', idleMs: null });
    if (window !== null && (isBack || this.isNews(window, now, idleMs))) {
      signs.push({ kind: 'window', at: now, window });
      this.toldAt = now;
    }
    this.front = window;
    return signs;
  }

  private isNews(window: FrontWindow, now: number, idleMs: number | null): boolean {
    if (window.id !== this.front?.id || window.app !== this.front.app) return true;
    const since = now - this.toldAt;
    return since >= AGAIN_MS && idleMs !== null && idleMs < since;
  }
}
