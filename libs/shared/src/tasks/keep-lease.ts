import { toAppError } from '../db/app-errors';
import { AppError } from '../errors';
import type { Session } from '../db/session';
import type { Hints } from './hints';
import { heartbeat, type Task } from './queries';

export interface LeaseEvents {
  /** The lease is gone: stop at once and change nothing. Called once. */
  onLost: () => void;
  /** Whether nobody can tell that the lease is still ours; called at every change. */
  onUnsure: (unsure: boolean) => void;
}

export interface KeptLease {
  /** Beats now: something happened after which the database may see us in another light. */
  beat(): void;
  /** The connection broke: unsure until the next beat is answered. */
  doubt(): void;
  end(): void;
}

const NEXT_TRY_MS = 250;
/** A busy server is not an absent one. */
const LEAST_ANSWER_MS = 2_000;

/** Keeps the lease of a task until ended; looks at once when somebody tells the daemons something. */
export function keepLease(
  session: Session<'daemon'>,
  task: Task,
  options: { leaseMs: number; hints: Hints } & LeaseEvents,
): KeptLease {
  let ended = false;
  let unsure = false;
  let beating = false;
  let again = false;
  let timer: NodeJS.Timeout | undefined;
  // A network that swallows everything breaks no connection for a quarter of an hour.
  const silence = setTimeout(() => setUnsure(true), (options.leaseMs * 2) / 3);

  async function beat(): Promise<void> {
    if (ended) return;
    if (beating) {
      again = true;
      return;
    }
    beating = true;
    clearTimeout(timer);
    let nextMs = options.leaseMs / 3;
    try {
      const held = await answered(heartbeat(session, task, options.leaseMs));
      if (ended) return;
      if (!held) return lost();
      silence.refresh();
      // Asked before the connection broke, it says nothing about what came after.
      if (!again) setUnsure(false);
    } catch (error) {
      // Whatever is wrong, without an answer we cannot know that the work is still ours.
      setUnsure(true);
      nextMs = toAppError(error).code === 'not_reachable' ? NEXT_TRY_MS : 4 * NEXT_TRY_MS;
    } finally {
      beating = false;
    }
    if (ended) return;
    timer = setTimeout(() => void beat(), again ? 0 : nextMs);
    again = false;
  }

  /** Over another connection the next beat may get through. */
  async function answered(beat: Promise<boolean>): Promise<boolean> {
    const late = new AppError('not_reachable', 'the database does not answer in time');
    const tooLate = AbortSignal.timeout(Math.max(options.leaseMs / 3, LEAST_ANSWER_MS));
    return Promise.race([
      beat,
      new Promise<never>((_, reject) => {
        tooLate.addEventListener('abort', () => reject(late));
      }),
    ]);
  }

  function setUnsure(next: boolean): void {
    if (unsure === next || ended) return;
    unsure = next;
    options.onUnsure(next);
  }

  function lost(): void {
    if (ended) return;
    end();
    options.onLost();
  }

  function end(): void {
    ended = true;
    clearTimeout(timer);
    clearTimeout(silence);
    unsubscribe();
  }

  const unsubscribe = options.hints.subscribe((hint) => {
    const told = hint.channel === 'coffee_control' && (hint.id === null || hint.id === task.itemId);
    if (told || hint.channel === 'catch_up') void beat();
  });
  timer = setTimeout(() => void beat(), options.leaseMs / 3);
  return {
    beat: () => void beat(),
    doubt() {
      setUnsure(true);
      void beat();
    },
    end,
  };
}
