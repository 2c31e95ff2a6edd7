/**
 * Allocation said again, moment by moment and as slowly as it is simple: for each moment all events
 * before it are looked at from the beginning. Part of no program; the tests hold the other against it.
 */
import type { AgentEvent, LogEvent, TimeEvent, TimerEvent } from '../events/time-event';
import type { AllocationRules } from './rules';

export interface Moment {
  direct: string | null;
  /** Sorted. */
  delegated: string[];
}

/** Who is credited with the step that begins at each of the moments. */
export function lookAt(events: TimeEvent[], at: number, rules: AllocationRules): Moment {
  return {
    direct: logAt(events, at) ?? timerAt(events, at, rules) ?? focusAt(events, at, rules),
    delegated: agentsAt(events, at, rules).sort(),
  };
}

export function logAt(events: TimeEvent[], at: number): string | null {
  const covering = events.filter(
    (event): event is LogEvent => event.effect === 'log' && event.at <= at && at < event.until,
  );
  covering.sort((a, b) => a.recordedAt - b.recordedAt || (a.id < b.id ? -1 : 1));
  const log = covering.at(-1);
  return log === undefined ? null : `log ${log.issue} ${log.stream} ${log.machine}`;
}

export function timerAt(events: TimeEvent[], at: number, rules: AllocationRules): string | null {
  const past = events.filter(
    (event): event is TimerEvent => event.effect === 'timer' && event.at <= at,
  );
  const begins = ({ action }: TimerEvent) => action === 'start' || action === 'resume';
  const last = past.findLastIndex(begins);
  if (last < 0) return null;
  const { issue, at: lastStart } = past[last]!;
  if (at >= lastStart + rules.timerLimit) return null;
  if (past.slice(last + 1).some((event) => event.issue === issue)) return null;
  // The run is that of the first start since which it was never interrupted.
  let first = last;
  for (let i = last - 1; i >= 0; i -= 1) {
    const event = past[i]!;
    if (!begins(event) && event.issue !== issue) continue;
    if (event.issue !== issue || !begins(event)) break;
    if (past[first]!.at >= event.at + rules.timerLimit) break;
    first = i;
  }
  return `timer ${issue} ${past[first]!.stream} ${past[first]!.machine}`;
}

export function focusAt(events: TimeEvent[], at: number, rules: AllocationRules): string | null {
  let front: {
    window?: string;
    windowStream?: string | null;
    pane?: string | null;
    tab?: string | null;
  } = {};
  let seen: { at: number; machine: string } | undefined;
  let attention: { until: number; stream: string | null; machine: string } | undefined;
  const stream = (): string | null => {
    if (front.window === undefined)
      return front.pane !== undefined ? front.pane : (front.tab ?? null);
    if (front.window === 'terminal' && front.pane !== undefined) return front.pane;
    if (front.window === 'browser' && front.tab != null) return front.tab;
    return front.windowStream ?? null;
  };
  for (const event of events) {
    if (event.at > at) break;
    if (!['focus', 'message', 'window', 'tab', 'prolong', 'leave'].includes(event.effect)) continue;
    if (event.effect === 'leave') {
      attention = undefined;
      continue;
    }
    const night = seen !== undefined && event.at - seen.at >= rules.forgetAfter;
    if (event.effect === 'prolong') {
      if (night || seen?.machine !== event.machine) continue;
      if (event.stream !== null && event.stream !== stream()) continue;
    }
    if (night) {
      front = {};
      seen = undefined;
    }
    if (event.effect === 'focus' || event.effect === 'message')
      front = { pane: event.stream, tab: front.tab };
    if (event.effect === 'window') {
      front.window = event.application;
      front.windowStream = event.stream;
    }
    if (event.effect === 'tab') {
      front.tab = event.stream;
      const elsewhere =
        front.window === undefined ? front.pane !== undefined : front.window !== 'browser';
      if (elsewhere) continue;
    }
    seen = { at: event.at, machine: event.machine };
    attention = {
      until: event.at + rules.attentionWindow,
      stream: stream(),
      machine: event.machine,
    };
  }
  if (attention === undefined || at >= attention.until) return null;
  return `focus null ${attention.stream} ${attention.machine}`;
}

export function agentsAt(events: TimeEvent[], at: number, rules: AllocationRules): string[] {
  const signs = events.filter(
    (event): event is AgentEvent => event.effect === 'work' || event.effect === 'message',
  );
  return [...new Set(signs.map((sign) => sign.session))].flatMap((session) => {
    const own = signs.filter((sign) => sign.session === session);
    const last = own.findLast((sign) => sign.at <= at);
    const next = own.find((sign) => sign.at > at);
    if (last === undefined || next === undefined || next.effect === 'message') return [];
    if (next.at - last.at > rules.agentGap) return [];
    return [`agent ${session} ${last.stream ?? next.stream} ${last.machine}`];
  });
}
