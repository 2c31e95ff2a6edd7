/** Lets an agent's steps through at a pace at which people and a database can take them. */
import type { AgentEvent } from './agent';
import { cleanDetail, cleanLine } from './clean-text';

type Step = Extract<AgentEvent, { type: 'step' }>;

export interface StepGate {
  step(kind: Step['kind'], summary: string, detail?: unknown): void;
  /** At most one a second is passed on. */
  alive(): void;
  /** Says how many steps were left out, if that was not said yet. */
  flush(): void;
}

const BURST = 100;
const PER_SECOND = 10;
const ALIVE_EVERY_MS = 1_000;

export function createStepGate(
  onEvent: (event: AgentEvent) => void,
  now: () => number = Date.now,
): StepGate {
  let tokens = BURST;
  let filledAt = now();
  let leftOut = 0;
  let aliveAt = -Infinity;

  function sayLeftOut(): void {
    if (leftOut === 0) return;
    const summary = `${leftOut} more lines came too fast to be kept`;
    leftOut = 0;
    onEvent({ type: 'step', kind: 'progress', summary });
  }
  return {
    step(kind, summary, detail) {
      tokens = Math.min(BURST, tokens + ((now() - filledAt) / 1_000) * PER_SECOND);
      filledAt = now();
      if (tokens < 1) {
        leftOut += 1;
        return;
      }
      tokens -= 1;
      sayLeftOut();
      onEvent({ type: 'step', kind, summary: cleanLine(summary), detail: cleanDetail(detail) });
    },
    alive() {
      if (now() - aliveAt < ALIVE_EVERY_MS) return;
      aliveAt = now();
      onEvent({ type: 'alive' });
    },
    flush: sayLeftOut,
  };
}
