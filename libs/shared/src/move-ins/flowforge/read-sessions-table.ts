import { addDays, dateOf, utcOf } from '../../time/periods/local-date';
import type { Zone } from '../../time/periods/zone';
import { momentOf, numberOf, readSession } from './read-session';
import { dayTime } from './read-user-file';
import { taskOf, type ToldTime } from './told-time';

/** Whether a text has a table of sessions: a Date, an Issue and Hours. */
export const isSessionsTable = (text: string): boolean => columnsOf(text.split('\n')).length > 0;

const cells = (line: string): string[] | undefined => {
  const trimmed = line.trim();
  if (!trimmed.startsWith('|')) return undefined;
  return trimmed
    .replace(/^\||\|$/g, '')
    .split('|')
    .map((cell) => cell.trim());
};

function columnsOf(lines: readonly string[]): string[][] {
  return lines.flatMap((line) => {
    const names = cells(line)?.map((name) => name.toLowerCase());
    return names !== undefined && isHeader(names) ? [names] : [];
  });
}

const isHeader = (names: readonly string[]): boolean =>
  names.includes('date') && names.includes('issue') && names.includes('hours');
const nothing = (cell: string | undefined): boolean =>
  cell === undefined || ['', '-', '–', '—'].includes(cell);

/**
 * The rows of SESSIONS.md: those with a beginning and an end are sessions, times without a date being of
 * the row's day in `zone`; others are so many hours of a day. Hours have two decimals, which is 36 s.
 */
export function* readSessionsTable(
  text: string,
  file: string,
  zone: Zone,
  now: number,
): Generator<ToldTime> {
  let names: string[] | undefined;
  for (const [n, line] of text.split('\n').entries()) {
    const found = cells(line);
    if (found === undefined) {
      if (line.trim() !== '') names = undefined;
      continue;
    }
    const lower = found.map((cell) => cell.toLowerCase());
    if (isHeader(lower)) names = lower;
    else if (names !== undefined && !found.every((cell) => /^:?-{2,}:?$/.test(cell)))
      yield readRow(new Map(names.map((name, i) => [name, found[i] ?? ''])), {
        row: `${file}: line ${n + 1}`,
        zone,
        now,
      });
  }
}

function readRow(
  row: ReadonlyMap<string, string>,
  { row: place, zone, now }: { row: string; zone: Zone; now: number },
): ToldTime {
  const description = row.get('description') ?? '';
  const person = /(?:^|\s)@([\w.-]+)/.exec(description)?.[1] ?? null;
  const task = taskOf(row.get('issue')) ?? '';
  const day = row.get('date') ?? '';
  const seconds = Math.round((numberOf(row.get('hours')) ?? 0) * 3600);
  const told = { row: place, person, task };
  if (task === '') return { ...told, kind: 'wrong', day: null, seconds, reason: 'nameless' };
  const [start, end] = [row.get('start'), row.get('end')];
  const active = /active/i.test(row.get('status') ?? '');
  if (!nothing(start) && (!nothing(end) || (active && seconds === 0))) {
    const from = moment(start!, day, zone);
    let to = nothing(end) ? undefined : moment(end!, day, zone);
    // A session past midnight stands on the day that it began.
    if (from !== undefined && to !== undefined && to < from && /^\d?\d:\d\d/.test(end!))
      to = moment(end!, addDays(day, 1), zone);
    return readSession(
      {
        start: from,
        end: nothing(end) ? undefined : (to ?? ''),
        duration: seconds,
        note: description,
      },
      { ...told, inSeconds: true, running: active, now },
    );
  }
  const ofTask = true;
  return dayTime({ ...told, day, seconds, note: description === '' ? null : description, ofTask });
}

/** `09:30` of the day in the zone, else a whole time. */
function moment(text: string, day: string, zone: Zone): number | undefined {
  const [, hour, minute, second = '0'] = /^(\d?\d):(\d\d)(?::(\d\d))?$/.exec(text) ?? [];
  if (hour === undefined) return momentOf(text);
  if (dateOf(utcOf(day)) !== day) return undefined;
  const [h, m, s] = [Number(hour), Number(minute), Number(second)];
  if (h > 23 || m > 59 || s > 59) return undefined;
  const midnight = zone.startOfDay(day);
  const plain = midnight + ((h * 60 + m) * 60 + s) * 1000;
  // On the day that clocks change, the wall is right.
  return momentOf(plain + zone.offsetAt(midnight) - zone.offsetAt(plain));
}
