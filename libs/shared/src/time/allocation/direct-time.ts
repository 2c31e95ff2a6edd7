import type { PresenceEvent, TimerEvent, TimeEvent, WindowEvent } from '../events/time-event';
import type { Interval } from '../intervals/interval';
import type { AllocationRules } from './rules';
import { NOWHERE, streamInFront, type AllocationState, type Focus, type Timer } from './state';

/** A person's time, event by event: one place at a time, and a running timer before what is inferred. */
export class DirectTime {
  readonly intervals: Interval[] = [];
  /** Where a timer ran into its limit: it was forgotten, and its person should correct it. */
  readonly cutTimers: { issue: string; at: number }[] = [];
  private last: { -readonly [K in keyof Interval]: Interval[K] } | undefined;

  constructor(
    private readonly state: AllocationState,
    private readonly rules: AllocationRules,
  ) {}

  /** Credits all that is certain before `to`. */
  settle(to: number): void {
    const { state } = this;
    let from = state.settledAt;
    const { timer, focus } = state;
    if (timer !== null) {
      const until = Math.min(to, timer.until);
      this.credit(from, until, 'timer', timer, timer.issue);
      from = Math.max(from, until);
      if (timer.until <= to) {
        this.cutTimers.push({ issue: timer.issue, at: timer.until });
        state.timer = null;
      }
    }
    if (focus !== null) {
      this.credit(from, Math.min(to, focus.until), 'focus', focus, null);
      if (focus.until <= to) state.focus = null;
    }
    state.settledAt = Math.max(state.settledAt, to);
  }

  /** The person is at the front of what came there last, or at `event`'s own stream. */
  touch(event: TimeEvent): void {
    this.settle(event.at);
    this.see(event);
    this.state.place.tmux = { stream: event.stream };
    this.state.place.window = null;
    this.lookAt(event);
  }

  window(event: WindowEvent): void {
    this.settle(event.at);
    this.see(event);
    this.state.place.window = { application: event.application, stream: event.stream };
    this.lookAt(event);
  }

  /** A tab counts where a browser is in front, or where nothing else is known to be. */
  tab(event: PresenceEvent): void {
    const { place } = this.state;
    const inFront = () =>
      place.window === null ? place.tmux === null : place.window.application === 'browser';
    if (this.isForgotten(event)) this.forget();
    place.tab = { stream: event.stream };
    if (!inFront()) return;
    this.settle(event.at);
    this.see(event);
    this.lookAt(event);
  }

  /** A wheel turns over panes that nobody looks at: only a scroll where the person was last counts. */
  prolong(event: PresenceEvent): void {
    const { seen, place } = this.state;
    if (seen === null || seen.machine !== event.machine || this.isForgotten(event)) return;
    if (event.stream !== null && event.stream !== streamInFront(place)) return;
    this.settle(event.at);
    this.see(event);
    this.lookAt(event);
  }

  leave(event: PresenceEvent): void {
    this.settle(event.at);
    this.state.focus = null;
  }

  timer(event: TimerEvent): void {
    const { state } = this;
    this.settle(event.at);
    const { action, issue, stream, machine } = event;
    if (action === 'start' || action === 'resume') {
      const until = event.at + this.rules.timerLimit;
      // A second start of the same issue is a sign of life, not another run.
      if (state.timer?.issue === issue) state.timer.until = until;
      else state.timer = { until, issue, stream, machine };
    } else if (state.timer?.issue === issue) {
      state.timer = null;
    }
  }

  private lookAt({ at, machine }: TimeEvent): void {
    const stream = streamInFront(this.state.place);
    this.state.focus = { until: at + this.rules.attentionWindow, stream, machine };
  }

  private see(event: TimeEvent): void {
    if (this.isForgotten(event)) this.forget();
    const { seen } = this.state;
    if (seen === null) this.state.seen = { at: event.at, machine: event.machine };
    else {
      seen.at = event.at;
      seen.machine = event.machine;
    }
  }

  private isForgotten({ at }: TimeEvent): boolean {
    const { seen } = this.state;
    return seen !== null && at - seen.at >= this.rules.forgetAfter;
  }

  private forget(): void {
    Object.assign(this.state.place, NOWHERE);
    this.state.seen = null;
  }

  private credit(
    from: number,
    to: number,
    by: Interval['by'],
    { stream, machine }: Focus | Timer,
    issue: string | null,
  ): void {
    if (from >= to) return;
    const { last } = this;
    const same =
      last?.to === from &&
      last.by === by &&
      last.stream === stream &&
      last.issue === issue &&
      last.machine === machine;
    if (same) {
      last.to = to;
      return;
    }
    this.last = { from, to, by, stream, issue, machine, session: null };
    this.intervals.push(this.last);
  }
}
