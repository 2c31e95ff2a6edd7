import { readInstant } from '../files/instant';
import { dateOf } from '../../time/periods/local-date';
import { textOf, type Session, type WrongTime } from './told-time';

/** A timer that runs for longer is one that nobody stopped, by FlowForge's own rule. */
export const LONGEST_MS = 24 * 3_600_000;

interface Place {
  row: string;
  task: string;
  person: string | null;
  /** Whether durations of this file are seconds; hours else, as of version 1. */
  inSeconds: boolean;
  /** The timer is said to run still. */
  running: boolean;
  now: number;
}

type Fields = Record<string, unknown>;
const given = (fields: Fields, ...names: string[]): unknown =>
  names.map((name) => fields[name]).find((value) => value !== undefined && value !== null);

/** One session in any of the forms that FlowForge wrote: version 1, its user files, its providers. */
export function readSession(fields: Fields, place: Place): Session | WrongTime {
  const { row, task } = place;
  const instance = textOf(given(fields, 'instance_id', 'instanceId'));
  const [, user, host] = /^([^@\s]+)@([^:\s]+)(?::|$)/.exec(instance ?? '') ?? [];
  const environment = given(fields, 'environment') as Fields | undefined;
  const person =
    textOf(given(fields, 'user', 'userId', 'developer')) ?? place.person ?? user ?? null;
  const from = momentOf(given(fields, 'start', 'startTime', 'start_time'));
  const end = given(fields, 'end', 'endTime', 'end_time');
  const said = numberOf(given(fields, 'duration', 'totalDuration'));
  const saidSeconds = said === null ? null : Math.round(said * (place.inSeconds ? 1 : 3600));
  const wrong = (reason: WrongTime['reason'], seconds = saidSeconds ?? 0): WrongTime => {
    const day = from === undefined ? null : dateOf(from);
    return { kind: 'wrong', row, person, task, day, seconds, reason };
  };
  if (from === undefined) return wrong('time');
  if (end === undefined && place.running)
    return wrong(place.now - from > LONGEST_MS ? 'long' : 'running');
  const to = end === undefined ? endBy(from, saidSeconds) : momentOf(end);
  if (to === undefined || to < from) return wrong('time');
  if (to === from) return wrong('empty');
  const seconds = Math.round((to - from) / 1000);
  if (to - from > LONGEST_MS) return wrong('long', seconds);
  return {
    kind: 'session',
    row,
    person,
    host: host ?? textOf(environment?.hostname),
    task,
    note: noteOf(fields),
    billable: given(fields, 'billable') !== false && billingOf(fields) !== false,
    from,
    to,
    saidSeconds,
  };
}

/** Where nothing but the length says when it ended. */
const endBy = (from: number, seconds: number | null): number | undefined =>
  seconds === null || seconds === 0 ? undefined : from + seconds * 1000;

function noteOf(fields: Fields): string | null {
  const said = given(fields, 'notes', 'note', 'workDescription', 'description', 'reason');
  if (!Array.isArray(said)) return textOf(said);
  const notes = said.map((one: unknown) => textOf((one as Fields | null)?.content ?? one));
  return textOf(notes.filter((one) => one !== null).join('; '));
}

const billingOf = (fields: Fields): unknown =>
  (given(fields, 'billing') as Fields | undefined)?.billable;

export function numberOf(value: unknown): number | null {
  const n = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof n === 'number' && Number.isFinite(n) && n >= 0 ? n : null;
}

/** UTC as text, or seconds or milliseconds since the epoch, as later revisions wrote them. */
export function momentOf(value: unknown): number | undefined {
  const n = typeof value === 'string' && /^\d{9,13}$/.test(value) ? Number(value) : value;
  const at =
    typeof n === 'number' && Number.isFinite(n)
      ? Math.round(n < 100_000_000_000 ? n * 1000 : n)
      : Date.parse(readInstant(value) ?? '');
  return at >= Date.UTC(2020, 0, 1) && at <= Date.now() + 86_400_000 ? at : undefined;
}
