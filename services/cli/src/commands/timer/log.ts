import { AppError } from '@coffee-roadmap/shared/errors';
import { requireIdentity } from '@coffee-roadmap/shared/machines/identity';
import { appendRecords } from '@coffee-roadmap/shared/spool/append';
import { parseDuration } from '@coffee-roadmap/shared/time/durations/parse-duration';
import { placeLog } from '@coffee-roadmap/shared/time/durations/place-log';
import type { Span } from '@coffee-roadmap/shared/time/intervals/interval';
import { logRecord } from '@coffee-roadmap/shared/time/manual/manual-records';
import { readTimerState, writeTimerState } from '@coffee-roadmap/shared/time/manual/timer-state';
import { Zone } from '@coffee-roadmap/shared/time/periods/zone';
import type { Command } from 'commander';
import { addVerb } from '../../command';
import type { CommonOptions, Context } from '../../context';
import { formatHours } from '../../terminal/duration';
import { parseMoment } from '../../parse-moment';
import { namedIssue, tellTitle, withTitle } from '../issues/tell-title';

interface LogOptions extends CommonOptions {
  issue?: string;
  at?: string;
  end?: string;
}

export function registerLog(program: Command, context: Context): void {
  addVerb(program, 'log <duration> [note]', 'what a time that is over was spent on', {
    examples: ['log 1h30m "called the client" --issue 42', 'log 45m --at 14:00'],
  })
    .option('--issue <issue>', 'such as 42 or github:us/shop#42')
    .option('--at <time>', 'when it began: 14:00 today, or 2026-11-21T14:00:00Z')
    .option('--end <time>', 'when it ended; now if neither is said')
    .action(async (duration: string, note: string | undefined, options: LogOptions) => {
      const out = context.output(options);
      const { paths } = context.config();
      const { machine_id: machineId } = requireIdentity(paths);
      const now = Date.now();
      const state = readTimerState(paths);
      const span = spanOf(parseDuration(duration), options, state.logs ?? [], now);
      const issue = options.issue === undefined ? null : namedIssue(options.issue);
      const said = { machineId, folder: process.cwd(), note: note ?? null, now };
      const record = logRecord({ ...said, span, issue });
      appendRecords(paths, [record]);
      writeTimerState(paths, { ...state, logs: [...(state.logs ?? []), span] });
      const { started_at, duration_ms } = record;
      const ended_at = new Date(span.to).toISOString();
      const title = issue === null ? null : await tellTitle(context, issue);
      out.result({ id: record.id, started_at, ended_at, duration_ms, issue, title }, () => {
        const what = issue === null ? '' : ` for ${withTitle(issue, title)}`;
        return `${formatHours(duration_ms)} logged${what}: ${clock(span.from)} to ${clock(span.to)}.`;
      });
    });
}

function spanOf(length: number, { at, end }: LogOptions, logs: readonly Span[], now: number): Span {
  if (at !== undefined && end !== undefined)
    throw new AppError('invalid_input', '--at and --end exclude each other');
  if (at !== undefined) {
    const from = momentOf(at, now);
    return { from, to: from + length };
  }
  if (end !== undefined) {
    const to = momentOf(end, now);
    return { from: to - length, to };
  }
  return placeLog(length, now, logs);
}

/** `14:00` of today, or whatever else names a moment. */
function momentOf(text: string, now: number): number {
  const zone = Zone.of(Intl.DateTimeFormat().resolvedOptions().timeZone);
  const found = /^(\d{1,2}):([0-5]\d)$/.exec(text);
  if (found === null) return parseMoment(text, zone, now).getTime();
  const [hour, minute] = [Number(found[1]), Number(found[2])];
  if (hour > 23) throw new AppError('invalid_input', `"${text}" is no time of a day`);
  const midnight = zone.startOfDay(zone.dateAt(now));
  const plain = midnight + (60 * hour + minute) * 60_000;
  // On the day that clocks change, the wall is right.
  return plain + zone.offsetAt(midnight) - zone.offsetAt(plain);
}

function clock(at: number): string {
  const day = new Date(at).toLocaleDateString('en-GB', { day: '2-digit', month: 'short' });
  const time = new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return `${day} ${time}`;
}
