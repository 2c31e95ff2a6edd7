import { AppError } from '@coffee-roadmap/shared/errors';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** One Ctrl-C may come twice, from the terminal and from npm; later it is another one. */
const SAME_MS = 2_000;

export interface Interrupts {
  /** Aborted when somebody wants to stop. */
  readonly signal: AbortSignal;
  /** Throws when somebody wants to stop. */
  check(hint: string): void;
  end(): void;
}

/**
 * From here to `end` a signal stops nothing by itself, so that what was begun can be ended in order.
 * Who asks again later, is tired of waiting.
 */
export function holdInterrupts(): Interrupts {
  const abort = new AbortController();
  let askedAt = 0;
  const ask = (): void => {
    if (abort.signal.aborted && Date.now() - askedAt > SAME_MS) process.exit(130);
    if (abort.signal.aborted) return;
    askedAt = Date.now();
    abort.abort();
  };
  for (const signal of SIGNALS) process.on(signal, ask);
  return {
    signal: abort.signal,
    check(hint) {
      if (abort.signal.aborted) throw new AppError('failed', 'interrupted', { hint });
    },
    end() {
      for (const signal of SIGNALS) process.off(signal, ask);
    },
  };
}
