import { AppError } from '@coffee-roadmap/shared/errors';
import { applyClassification } from '@coffee-roadmap/shared/time/classify/apply-classification';
import { listDayEvents } from '@coffee-roadmap/shared/time/classify/list-day-events';
import { parseClassification } from '@coffee-roadmap/shared/time/classify/parse-classification';
import { clusterEvents } from '@coffee-roadmap/shared/time/streams/clusters';
import { loadStreams } from '@coffee-roadmap/shared/time/queries';
import type { Command } from 'commander';
import { readFileSync } from 'node:fs';
import { addVerb } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import type { Output } from '../../output';
import { stripEscapes } from '../../terminal/strip-escapes';
import { renderTable } from '../../terminal/table';
import { count } from '../../words';
import { bringUpToDate } from '../recompute/bring-up-to-date';
import { handOver } from '../recompute/hand-over';
import { addPeriodOptions, periodFrom, type PeriodOptions } from '../report/period-options';

interface ClassifyOptions extends CommonOptions, PeriodOptions {
  all?: boolean;
  apply?: string;
}

export function registerClassify(program: Command, context: Context): void {
  const classify = addVerb(program, 'classify', 'what no stream was found for, in clusters', {
    examples: ['classify', 'classify --all --json', 'classify --apply streams.json'],
  });
  addPeriodOptions(classify)
    .option('--all', 'all clusters, also those with a stream')
    .option('--apply <file>', 'streams and what belongs to them, as JSON; - reads stdin')
    .action((options: ClassifyOptions) =>
      withOwnSession(context, options, async (session, out) => {
        if (options.apply !== undefined) {
          const given = parseClassification(readGiven(options.apply));
          const applied = await applyClassification(session, given);
          const days = await bringUpToDate(context, session);
          out.result({ ...applied, days }, () =>
            [
              `${count(applied.places, 'place')}, ${count(applied.sessions, 'session')} and ${count(applied.events, 'event')} assigned; ${count(days, 'day')} computed.`,
              ...applied.unknown.map((what) => `Not found: ${stripEscapes(what)}`),
            ].join('\n'),
          );
          return;
        }
        await handOver(context, session);
        await bringUpToDate(context, session);
        const period = periodFrom(options);
        const events = await listDayEvents(session, period);
        const streams = new Map(
          (await loadStreams(session)).map(({ id, name, machine }) => [id, { name, machine }]),
        );
        const wanted = events.filter(({ stream }) => options.all === true || stream === null);
        const streamOf = new Map(wanted.map(({ event, stream }) => [event.id, stream]));
        const clusters = clusterEvents(wanted.map(({ placed }) => placed)).map((cluster) => ({
          machine_id: cluster.machine,
          place: cluster.place,
          start: new Date(cluster.from).toISOString(),
          end: new Date(cluster.to).toISOString(),
          session_ids: cluster.sessions,
          event_ids: cluster.events,
          stream: streamOf.get(cluster.events[0]!) ?? null,
        }));
        out.result({ clusters, unassigned_events: wanted.length }, () =>
          render(out, clusters, (id) => streams.get(id)?.name ?? id, period.zone.name),
        );
      }),
    );
}

interface ShownCluster {
  place: string | null;
  start: string;
  end: string;
  session_ids: string[];
  event_ids: string[];
  stream: string | null;
}

function render(
  out: Output,
  clusters: readonly ShownCluster[],
  nameOf: (id: string) => string,
  timeZone: string,
): string {
  if (clusters.length === 0) return 'Everything in this time has its stream.';
  const stamp = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' },
  });
  const table = renderTable(
    [
      { title: 'FROM' },
      { title: 'TO' },
      { title: 'EVENTS', align: 'right' },
      { title: 'SESSIONS', align: 'right' },
      { title: 'PLACE', flexible: true, min: 14 },
      { title: 'STREAM', flexible: true },
    ],
    clusters.map(({ start, end, event_ids, session_ids, place, stream }) => [
      stamp.format(new Date(start)),
      stamp.format(new Date(end)).slice(-5),
      event_ids.length,
      session_ids.length || '',
      place ?? '(none)',
      stream === null ? '(unassigned)' : nameOf(stream),
    ]),
    { width: out.width, paintTitle: out.colours.dim },
  );
  return `${table}\n\nSay where they belong: coffee-roadmap classify --apply FILE, or streams link.`;
}

function readGiven(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new AppError('invalid_input', `${file} cannot be read`, { cause });
  }
}
