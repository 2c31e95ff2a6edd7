import type { Period } from '../periods/period';

/** Milliseconds: a person's own time, and agents' for them. */
export interface Times {
  readonly directMs: number;
  readonly delegatedMs: number;
}

/** What a report knows of a stream beside its time. */
export interface StreamFacts {
  readonly name: string;
  readonly tags: readonly string[];
  /** Null: mapped to none. */
  readonly project: string | null;
}

/** An agent's session, from its first to its last sign of life; milliseconds since the epoch. */
export interface SessionFacts {
  readonly session: string;
  readonly source: string;
  readonly type: 'user' | 'subagent' | 'agent';
  readonly from: number;
  readonly to: number;
  /** Null unless its person turned prompts on. */
  readonly startingPrompt: string | null;
}

/** A timer that nobody stopped. */
export interface CutTimer {
  readonly issue: string;
  /** When its run ended by itself. */
  readonly at: Date;
}

export interface StreamLine extends Times {
  readonly stream: string;
  readonly name: string;
  readonly tags: readonly string[];
}

export interface SessionLine {
  readonly session: string;
  readonly source: string;
  readonly type: SessionFacts['type'];
  /** Within the period. */
  readonly durationMs: number;
  readonly startingPrompt: string | null;
}

/** Lists begin with the longest and leave out what has no time. */
export interface Report {
  readonly period: Period;
  readonly generatedAt: Date;
  readonly streams: readonly StreamLine[];
  /** A stream with several tags counts in full under each. */
  readonly byTag: readonly ({
    readonly tag: string;
    readonly streams: readonly StreamLine[];
  } & Times)[];
  readonly untagged: { readonly streams: readonly StreamLine[] } & Times;
  /** Null: mapped to no project, which is never published. */
  readonly byProject: readonly ({ readonly project: string | null } & Times)[];
  /** Issues that a person named by timer or log. */
  readonly byIssue: readonly ({ readonly issue: string } & Times)[];
  /** Every day of the period, in order. */
  readonly byDay: readonly ({ readonly date: string } & Times)[];
  readonly unassigned: Times;
  /** Timers that nobody stopped before their limit, and when that was. */
  readonly cutTimers: readonly CutTimer[];
  readonly sessions: {
    readonly total: number;
    readonly bySource: Readonly<Record<string, number>>;
    readonly byType: Readonly<Record<string, number>>;
    /** The five longest. */
    readonly top: readonly SessionLine[];
  };
  /** `trackedMs` is the union: what a person and agents did at once counts once. */
  readonly totals: Times & { readonly trackedMs: number; readonly streamCount: number };
}
