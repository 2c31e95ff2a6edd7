import { dateOf } from '../../time/periods/local-date';
import { momentOf, numberOf, readSession } from './read-session';
import { isRecord, textOf, type ToldTime } from './told-time';

/** Keys beside the tasks that a later revision has. */
const NO_TASKS = new Set(['sessions', 'metadata', 'version', 'users', 'totals']);
const TASK = /^#?[\w./-]{1,100}$/;

/** Whether it is a `.task-times.json` or a `time-tracking.json`: tasks by number. */
export function isTaskTimes(document: unknown): document is Record<string, unknown> {
  return isRecord(document) && (tasksOf(document).length > 0 || isEmptyFile(document));
}

function isEmptyFile(document: Record<string, unknown>): boolean {
  return Object.keys(document).every(
    (name) => NO_TASKS.has(name) && !Array.isArray(document[name]),
  );
}

function tasksOf(document: Record<string, unknown>): [string, Record<string, unknown>][] {
  return Object.entries(document).filter(
    (entry): entry is [string, Record<string, unknown>] =>
      !NO_TASKS.has(entry[0]) &&
      TASK.test(entry[0]) &&
      isRecord(entry[1]) &&
      ['status', 'sessions', 'current_session', 'start'].some(
        (name) => name in (entry[1] as object),
      ),
  );
}

/** Every session of every task; the one that runs, where one does; what a task says without sessions. */
export function* readTaskTimes(
  document: Record<string, unknown>,
  file: string,
  person: string | null,
  now: number,
): Generator<ToldTime> {
  const { version } = isRecord(document.metadata) ? document.metadata : document;
  const inSeconds = String(version ?? '1').startsWith('2');
  for (const [key, task] of tasksOf(document)) {
    const place = { task: key.replace(/^#/, ''), person, inSeconds, now, running: false };
    const { sessions, current_session: current } = task;
    // Version 1 has a list; the later revision an object, which may be empty.
    const list = Array.isArray(sessions)
      ? sessions
      : isRecord(sessions)
        ? Object.values(sessions)
        : [];
    for (const [i, one] of list.entries())
      yield readSession(isRecord(one) ? one : {}, {
        ...place,
        row: `${file}: task ${key}, session ${i + 1}`,
      });
    const running = task.status === 'active';
    const open = isRecord(current) ? current : running && 'start' in task ? task : {};
    if ((open.start ?? null) !== null)
      yield readSession(open, { ...place, running, row: `${file}: task ${key}, the timer` });
    if (list.length > 0) continue;
    const hours = numberOf(task.total_hours);
    const seconds = hours === null ? numberOf(task.total_time) : hours * 3600;
    if (seconds === null || seconds === 0) continue;
    const at = momentOf(task.completed_at);
    yield {
      kind: 'wrong',
      row: `${file}: task ${key}`,
      person: textOf(task.user) ?? person,
      task: place.task,
      day: at === undefined ? null : dateOf(at),
      seconds: Math.round(seconds),
      reason: 'untimed',
    };
  }
}
