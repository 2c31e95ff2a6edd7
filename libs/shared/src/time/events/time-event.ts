import type { ApplicationKind } from './applications';

interface EventBase {
  readonly id: string;
  /** Milliseconds since the epoch: when it took effect, which for `leave` and `log` is before it was reported. */
  readonly at: number;
  readonly machine: string;
  /** Null: not assigned to a stream. */
  readonly stream: string | null;
}

export interface PresenceEvent extends EventBase {
  readonly effect: 'focus' | 'prolong' | 'leave' | 'tab';
}

export interface WindowEvent extends EventBase {
  readonly effect: 'window';
  readonly application: ApplicationKind;
}

export interface AgentEvent extends EventBase {
  readonly effect: 'message' | 'work';
  readonly session: string;
}

export interface TimerEvent extends EventBase {
  readonly effect: 'timer';
  readonly action: 'start' | 'pause' | 'resume' | 'stop';
  readonly issue: string;
}

export interface LogEvent extends EventBase {
  readonly effect: 'log';
  readonly issue: string | null;
  readonly until: number;
  readonly recordedAt: number;
}

/** An event as allocation takes it: small, with its effect in place of its type. */
export type TimeEvent = PresenceEvent | WindowEvent | AgentEvent | TimerEvent | LogEvent;

/** The one order of events: by time, then by id, so that any order of arrival gives the same. */
export function compareEvents(a: TimeEvent, b: TimeEvent): number {
  return a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
