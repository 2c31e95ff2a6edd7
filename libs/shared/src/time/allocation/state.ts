import { isDeepStrictEqual } from 'node:util';
import type { ApplicationKind } from '../events/applications';
import type { AllocationRules } from './rules';

/** What is in front of the person: the streams of what came there last. */
export interface Place {
  window: { application: ApplicationKind; stream: string | null } | null;
  tmux: { stream: string | null } | null;
  tab: { stream: string | null } | null;
}

export interface Focus {
  until: number;
  stream: string | null;
  machine: string;
}

export interface Timer {
  until: number;
  issue: string;
  stream: string | null;
  machine: string;
}

/** An agent's last sign of life. */
export interface AgentSign {
  at: number;
  stream: string | null;
  machine: string;
}

/**
 * All that later events depend on: what is carried over a boundary. Plain data, equal as JSON where
 * it means the same; times in milliseconds since the epoch.
 */
export interface AllocationState {
  /** Direct time before it is credited. */
  settledAt: number;
  place: Place;
  /** When a person was last seen, and on which machine. */
  seen: { at: number; machine: string } | null;
  focus: Focus | null;
  timer: Timer | null;
  /** Sorted by session. */
  agents: (readonly [session: string, sign: AgentSign])[];
}

export const NOWHERE: Readonly<Place> = { window: null, tmux: null, tab: null };

/** Nothing is known before `at`. */
export function emptyState(at: number): AllocationState {
  return {
    settledAt: at,
    place: { ...NOWHERE },
    seen: null,
    focus: null,
    timer: null,
    agents: [],
  };
}

/** The state as a later boundary sees it, without what can no longer matter. */
export function carry(state: AllocationState, to: number, rules: AllocationRules): AllocationState {
  const { seen, focus, timer } = state;
  const forgotten = seen === null || to - seen.at >= rules.forgetAfter;
  return {
    settledAt: to,
    place: forgotten ? { ...NOWHERE } : state.place,
    seen: forgotten ? null : seen,
    focus: focus !== null && focus.until > to ? focus : null,
    timer: timer !== null && timer.until > to ? timer : null,
    agents: state.agents.filter(([, sign]) => sign.at + rules.agentGap >= to),
  };
}

export function sameState(a: AllocationState, b: AllocationState): boolean {
  return isDeepStrictEqual(a, b);
}

/** The stream of what the person looks at; null where that is none's. */
export function streamInFront({ window, tmux, tab }: Place): string | null {
  if (window === null) return (tmux ?? tab)?.stream ?? null;
  if (window.application === 'terminal') return (tmux ?? window).stream;
  if (window.application === 'browser') return tab?.stream ?? window.stream;
  return window.stream;
}
