import type { LocalDate } from '../../time/periods/local-date';

interface Told {
  /** Where it stands: `.task-times.json: task 42, session 3`. */
  row: string;
  /** FlowForge's name of whoever worked; null where nothing says. */
  person: string | null;
  host: string | null;
  /** As FlowForge names it: `42`. */
  task: string;
  note: string | null;
  billable: boolean;
}

/** A session from one moment to another, in milliseconds since the epoch. */
export interface Session extends Told {
  kind: 'session';
  from: number;
  to: number;
  /** FlowForge's own rounded figure; null where it gives none. */
  saidSeconds: number | null;
}

/** So much time on a day, without a time of the day. */
export interface DayTime extends Told {
  kind: 'day';
  day: LocalDate;
  seconds: number;
  /** It may be the sum over all of the task's sessions, booked on the day of the last. */
  ofTask: boolean;
}

/** What cannot be moved; `seconds` is what it says of itself. */
export interface WrongTime extends Pick<Told, 'row' | 'person' | 'task'> {
  kind: 'wrong';
  day: LocalDate | null;
  seconds: number;
  /** A word of docs/move-in.md. */
  reason: 'time' | 'running' | 'long' | 'empty' | 'untimed' | 'nameless' | 'unreadable';
}

/** What FlowForge's summaries say a person worked, in seconds: compared, never moved. */
export interface Summary {
  kind: 'summary';
  row: string;
  person: string;
  seconds: number;
}

export type ToldTime = Session | DayTime | WrongTime | Summary;

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.trim() !== '' ? value.trim() : null;

/** FlowForge writes tasks as `42`, `"42"` and `#42`. */
export function taskOf(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : textOf(value);
  return text === null ? null : text.replace(/^#/, '');
}
