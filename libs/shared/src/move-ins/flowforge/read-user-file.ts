import { dateOf, utcOf } from '../../time/periods/local-date';
import { numberOf, readSession } from './read-session';
import { isRecord, taskOf, textOf, type ToldTime } from './told-time';

type Fields = Record<string, unknown>;

const fieldsIn = (value: unknown): Fields[] =>
  (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []).filter(isRecord);
const TASKS = ['taskId', 'task_id', 'task', 'issue', 'issueId'] as const;
const taskIn = (fields: Fields): string | null =>
  TASKS.map((name) => taskOf(fields[name])).find((task) => task !== null) ?? null;
const isSession = (fields: Fields): boolean =>
  taskIn(fields) !== null && ['startTime', 'start', 'start_time'].some((name) => name in fields);

/**
 * What is in a file of a person's folder: sessions (a file each, or a list), a month's entries by day, or
 * totals alone. Undefined for a file of something else, such as settings.
 */
export function readUserFile(
  document: unknown,
  file: string,
  person: string | null,
  now: number,
): ToldTime[] | undefined {
  if (Array.isArray(document)) {
    const all = document.filter(isRecord).filter(isSession);
    return all.length === 0 ? undefined : sessions(all, file, person, now);
  }
  if (!isRecord(document)) return undefined;
  const own =
    textOf(document.userId) ?? textOf(document.user) ?? textOf(document.developer) ?? person;
  if (isSession(document)) return sessions([document], file, own, now);
  if (isRecord(document.users)) return readTeam(document, file, now);
  const tracking = isRecord(document.timeTracking) ? document.timeTracking : document;
  if (Array.isArray(document.entries)) return entries(fieldsIn(document.entries), file, own);
  const list = fieldsIn(tracking.sessions).filter(isSession);
  if (list.length > 0) return sessions(list, file, own, now);
  const hours = numberOf(tracking.total_hours ?? tracking.totalHours);
  if (hours === null) return undefined;
  return [{ kind: 'summary', row: file, person: own ?? '', seconds: Math.round(hours * 3600) }];
}

function sessions(
  all: readonly Fields[],
  file: string,
  person: string | null,
  now: number,
): ToldTime[] {
  return all.map((fields, i) => {
    const status = fields.status ?? (numberOf(fields.duration) === null ? 'active' : 'ended');
    const running = status === 'active' || status === 'paused';
    return readSession(fields, {
      row: all.length === 1 ? file : `${file}: session ${i + 1}`,
      task: taskIn(fields)!,
      person,
      inSeconds: true,
      running,
      now,
    });
  });
}

/** `{date, task, minutes}` of a month: no time of the day. */
function entries(all: readonly Fields[], file: string, person: string | null): ToldTime[] {
  return all.map((fields, i): ToldTime => {
    const [date, task, minutes] = [textOf(fields.date), taskIn(fields), numberOf(fields.minutes)];
    const hours = numberOf(fields.hours);
    const seconds = Math.round(minutes === null ? (hours ?? 0) * 3600 : minutes * 60);
    const told = { row: `${file}: entry ${i + 1}`, person, seconds };
    if (task === null) return { ...told, kind: 'wrong', task: '', day: null, reason: 'nameless' };
    return dayTime({ ...told, task, day: date, ofTask: false, note: textOf(fields.description) });
  });
}

interface DayFields {
  row: string;
  person: string | null;
  task: string;
  day: string | null;
  seconds: number;
  note: string | null;
  ofTask: boolean;
}

/** A day's time, or why it is none. */
export function dayTime({ day, note, ofTask, ...told }: DayFields): ToldTime {
  const wrong = { ...told, kind: 'wrong', day: null } as const;
  if (day === null || !/^\d{4}-\d\d-\d\d$/.test(day) || dateOf(utcOf(day)) !== day || day < '2020')
    return { ...wrong, reason: 'time' };
  if (told.seconds <= 0) return { ...wrong, day, reason: 'empty' };
  if (told.seconds > 86_400) return { ...wrong, day, reason: 'long' };
  return { ...told, kind: 'day', day, host: null, note, billable: true, ofTask };
}

/** The shared summary names what each did, as often as not of the last committer alone: it is compared. */
function readTeam(document: Fields, file: string, now: number): ToldTime[] {
  return Object.entries(document.users as Fields).flatMap(([person, value]): ToldTime[] => {
    if (!isRecord(value)) return [];
    const list = fieldsIn(value.sessions).filter(isSession);
    if (list.length > 0) return sessions(list, `${file}: ${person}`, person, now);
    const minutes = numberOf(value.totalMinutes);
    const hours = numberOf(value.total_hours ?? value.hours) ?? (minutes ?? 0) / 60;
    return [
      { kind: 'summary', row: `${file}: ${person}`, person, seconds: Math.round(hours * 3600) },
    ];
  });
}
