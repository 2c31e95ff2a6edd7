import { AppError } from '@coffee-roadmap/shared/errors';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interrupts {
  readonly asked: boolean;
  /** Throws when somebody has asked to stop. */
  check(): void;
  end(): void;
}

/** From here to `end` Ctrl-C stops nothing by itself, so that what was made can be cleared away. */
export function holdInterrupts(): Interrupts {
  let asked = false;
  const note = (): void => void (asked = true);
  for (const signal of SIGNALS) process.on(signal, note);
  return {
    get asked() {
      return asked;
    },
    check() {
      if (asked) throw interrupted();
    },
    end() {
      for (const signal of SIGNALS) process.off(signal, note);
    },
  };
}

export function interrupted(): AppError {
  return new AppError('failed', 'the demo was interrupted', { hint: 'Nothing of it is left.' });
}
