import type { AgentEvent } from '../events/time-event';
import type { Interval } from '../intervals/interval';
import type { AllocationRules } from './rules';
import type { AgentSign, AllocationState } from './state';

interface Session extends AgentSign {
  /** The interval that the last sign ended. */
  open: { -readonly [K in keyof Interval]: Interval[K] } | undefined;
}

/** Agents' time, event by event: each session for itself, from one sign of life to the next. */
export class DelegatedTime {
  readonly intervals: Interval[] = [];
  private readonly sessions = new Map<string, Session>();

  constructor(
    state: AllocationState,
    private readonly rules: AllocationRules,
  ) {
    for (const [session, sign] of state.agents)
      this.sessions.set(session, { ...sign, open: undefined });
  }

  /** A message ends a wait for the person, so what was before it is not work; what follows is. */
  sign({ at, session, stream, machine, effect }: AgentEvent): void {
    const known = this.sessions.get(session);
    if (known === undefined) {
      this.sessions.set(session, { at, stream, machine, open: undefined });
      return;
    }
    const worked = effect === 'work' && at - known.at <= this.rules.agentGap;
    if (worked && at > known.at) this.credit(session, known, at, stream);
    else if (!worked) known.open = undefined;
    known.at = at;
    known.stream = stream;
    known.machine = machine;
  }

  /** The last signs, sorted by session. */
  signs(): AllocationState['agents'] {
    return [...this.sessions]
      .map(([session, { at, stream, machine }]) => [session, { at, stream, machine }] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  }

  private credit(session: string, known: Session, to: number, next: string | null): void {
    const { at: from, machine, open } = known;
    const stream = known.stream ?? next;
    if (open !== undefined && open.stream === stream && open.machine === machine) {
      open.to = to;
      return;
    }
    known.open = { from, to, by: 'agent', stream, issue: null, machine, session };
    this.intervals.push(known.open);
  }
}
