import { toAppError } from '../db/app-errors';
import type { Session } from '../db/session';
import type { Hints } from './hints';
import { heartbeat, type Task } from './queries';

export interface LeaseEvents {
  /** The lease is gone: stop at once and change nothing. Called once. */
  onLost: () => void;
  /** Whether the database is away; called at every change. */
  onAway: (away: boolean) => void;
}

/** Keeps the lease of a task until ended; looks at once when somebody tells the daemons something. */
export function keepLease(
  session: Session<'daemon'>,
  task: Task,
  options: { leaseMs: number; hints: Hints } & LeaseEvents,
): { end(): void } {
  let ended = false;
  let away = false;
  let beating = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;

  async function beat(): Promise<void> {
    if (beating) {
      again = true;
      return;
    }
    beating = true;
    clearTimeout(timer);
    let nextMs = options.leaseMs / 3;
    try {
      const held = await heartbeat(session, task, options.leaseMs);
      setAway(false);
      if (!held) return lost();
    } catch (error) {
      // Whatever is wrong, without an answer we cannot know that the work is still ours.
      setAway(true);
      nextMs = toAppError(error).code === 'not_reachable' ? 250 : 1_000;
    } finally {
      beating = false;
    }
    if (ended) return;
    timer = setTimeout(() => void beat(), again ? 0 : nextMs);
    again = false;
  }

  function setAway(next: boolean): void {
    if (away === next || ended) return;
    away = next;
    options.onAway(next);
  }

  function lost(): void {
    if (ended) return;
    end();
    options.onLost();
  }

  function end(): void {
    ended = true;
    clearTimeout(timer);
    unsubscribe();
  }

  const unsubscribe = options.hints.subscribe((hint) => {
    const told = hint.channel === 'coffee_control' && (hint.id === null || hint.id === task.itemId);
    if (told || hint.channel === 'catch_up') void beat();
  });
  timer = setTimeout(() => void beat(), options.leaseMs / 3);
  return { end };
}
