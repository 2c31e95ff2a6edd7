import { customPeriod } from '@coffee-roadmap/shared/time/periods/period';
import { addDays } from '@coffee-roadmap/shared/time/periods/local-date';
import { loadReport } from '@coffee-roadmap/shared/time/report/load-report';
import { loadStreams } from '@coffee-roadmap/shared/time/queries';
import { listAssigned } from '@coffee-roadmap/shared/time/streams/queries';
import type { Command } from 'commander';
import { addNoun, addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { bringUpToDate } from '../recompute/bring-up-to-date';
import { handOver } from '../recompute/hand-over';
import {
  addPeriodOptions,
  hereAndNow,
  periodFrom,
  type PeriodOptions,
} from '../report/period-options';
import { registerChanges } from './change-streams';
import { renderStream, renderStreams, type TimedStream } from './render-streams';
import { selectStream } from './select-stream';

interface ListOptions extends CommonOptions, PeriodOptions {
  all?: boolean;
}

const SHOWN_DAYS = 7;

export function registerStreams(program: Command, context: Context): void {
  const streams = addNoun(program, 'streams', 'what your time was for, machine by machine', {
    examples: ['streams', 'streams show 3', 'streams merge 4 3', 'streams link 3 ~/src/shop'],
  });
  const list = addVerb(streams, 'list', 'your streams with their time, the last seven days', {
    examples: ['streams list', 'streams list --month --json'],
    isDefault: true,
  });
  addPeriodOptions(list)
    .option('--all', 'also those without time in the period')
    .action((options: ListOptions) =>
      withOwnSession(context, options, async (session, out) => {
        await handOver(context, session);
        await bringUpToDate(context, session);
        const period = periodOrDays(options);
        const { report, streams: known } = await loadReport(session, period);
        const times = new Map(report.streams.map((line) => [line.stream, line]));
        const found = [...known.values()]
          .map((stream): TimedStream => {
            const { directMs = 0, delegatedMs = 0 } = times.get(stream.id) ?? {};
            return { ...stream, directMs, delegatedMs };
          })
          .filter(({ directMs, delegatedMs }) => options.all === true || directMs + delegatedMs > 0)
          .sort((a, b) => b.directMs + b.delegatedMs - a.directMs - a.delegatedMs);
        const days = { start: period.firstDay, end: addDays(period.endDay, -1) };
        out.result({ streams: found.map(documentOf), period: days }, () =>
          renderStreams(out, found, known.size),
        );
      }),
    );
  addVerb(streams, 'show <stream>', 'one of them: where it is, what you said of it, its days', {
    examples: ['streams show 3', 'streams show shop'],
  }).action((name: string, options: CommonOptions) =>
    withOwnSession(context, options, async (session, out) => {
      await handOver(context, session);
      const stream = selectStream(await loadStreams(session), name);
      await bringUpToDate(context, session);
      const { report } = await loadReport(session, periodOrDays({}));
      const line = report.streams.find((one) => one.stream === stream.id);
      const { directMs = 0, delegatedMs = 0 } = line ?? {};
      const { named, events } = await listAssigned(session, stream.id);
      const timed = { ...stream, directMs, delegatedMs };
      out.result({ ...documentOf(timed), assigned: named, assigned_events: events }, () =>
        renderStream(out, timed, named, events),
      );
    }),
  );
  registerChanges(streams, program, context);
}

/** What the options say, else the last seven days. */
function periodOrDays(options: PeriodOptions) {
  const { zone, today } = hereAndNow(options.timezone);
  const named = Object.entries(options).some(
    ([name, value]) => value !== undefined && PERIODS.includes(name),
  );
  if (named) return periodFrom(options);
  return customPeriod(addDays(today, 1 - SHOWN_DAYS), addDays(today, 1), zone);
}

const PERIODS = ['day', 'week', 'lastWeek', 'month', 'start', 'end'];

function documentOf(stream: TimedStream): object {
  return {
    id: stream.id,
    name: stream.name,
    machine_id: stream.machineId,
    machine: stream.machine,
    remote: stream.remote,
    folders: stream.folders,
    tags: stream.tags,
    time_direct_ms: stream.directMs,
    time_delegated_ms: stream.delegatedMs,
  };
}
