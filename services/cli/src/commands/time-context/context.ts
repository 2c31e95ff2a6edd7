import {
  listDayEvents,
  type ListedEvent,
} from '@coffee-roadmap/shared/time/classify/list-day-events';
import type { Period } from '@coffee-roadmap/shared/time/periods/period';
import { listSessionFacts, loadStreams } from '@coffee-roadmap/shared/time/queries';
import { LISTED_GAP_MS, listGaps } from '@coffee-roadmap/shared/time/streams/clusters';
import type { Session } from '@coffee-roadmap/shared/db/session';
import type { Command } from 'commander';
import { addVerb, wholeNumber } from '../../command';
import { withOwnSession, type CommonOptions, type Context } from '../../context';
import { count } from '../../words';
import { bringUpToDate } from '../recompute/bring-up-to-date';
import { handOver } from '../recompute/hand-over';
import { addPeriodOptions, periodFrom, type PeriodOptions } from '../report/period-options';

interface ContextOptions extends CommonOptions, PeriodOptions {
  events?: boolean;
  agents?: boolean;
  streams?: boolean;
  gaps?: boolean;
  gapThreshold?: number;
  unclassified?: boolean;
}

export function registerTimeContext(program: Command, context: Context): void {
  const verb = addVerb(program, 'context', 'what happened in a time, for an agent to classify', {
    examples: ['context --day --json', 'context --gaps --gap-threshold 15 --json'],
  });
  addPeriodOptions(verb)
    .option('--events', 'the events; all four parts if none is named')
    .option('--agents', 'agents’ sessions')
    .option('--streams', 'your streams')
    .option('--gaps', 'silences')
    .option('--gap-threshold <minutes>', 'the shortest silence that is listed', wholeNumber(1))
    .option('--unclassified', 'only events without a stream')
    .action((options: ContextOptions) =>
      withOwnSession(context, options, async (session, out) => {
        await handOver(context, session);
        await bringUpToDate(context, session);
        const period = periodFrom(options);
        const document = await documentOf(session, period, options);
        out.result(document, () => {
          const parts = Object.entries(document).filter(([, part]) => Array.isArray(part));
          const told = parts.map(([name, part]) => `${String((part as unknown[]).length)} ${name}`);
          return `${told.join(', ')} in ${count(period.to - period.from > 0 ? Math.round((period.to - period.from) / 86_400_000) : 0, 'day')}. --json has them.`;
        });
      }),
    );
}

async function documentOf(
  session: Session<'person'>,
  period: Period,
  options: ContextOptions,
): Promise<Record<string, unknown>> {
  const { events, agents, streams, gaps } = options;
  const all = [events, agents, streams, gaps].every((part) => part !== true);
  const listed = await listDayEvents(session, period);
  const wanted = listed.filter(({ stream }) => options.unclassified !== true || stream === null);
  const document: Record<string, unknown> = {
    time_range: {
      start: new Date(period.from).toISOString(),
      end: new Date(period.to).toISOString(),
    },
  };
  if (all || events === true) document.events = wanted.map(eventOf);
  if (all || agents === true)
    document.agents = (await listSessionFacts(session, period)).map(({ from, to, ...facts }) => ({
      session_id: facts.session,
      source: facts.source,
      type: facts.type,
      start: new Date(from).toISOString(),
      end: new Date(to).toISOString(),
    }));
  if (all || streams === true)
    document.streams = (await loadStreams(session)).map(({ machineId, ...stream }) => ({
      ...stream,
      machine_id: machineId,
    }));
  if (all || gaps === true) document.gaps = gapsOf(listed, options.gapThreshold);
  return document;
}

function eventOf({ event, placed, stream, by }: ListedEvent): object {
  return {
    id: event.id,
    at: event.at,
    type: event.type,
    machine_id: placed.machine,
    session_id: placed.session,
    folder: placed.folder,
    git_project: placed.gitProject,
    stream,
    assigned_by: by,
  };
}

function gapsOf(events: readonly ListedEvent[], minutes?: number): object[] {
  const types = new Map(events.map(({ event }) => [event.id, event.type]));
  const least = minutes === undefined ? LISTED_GAP_MS : minutes * 60_000;
  return listGaps(
    events.map(({ placed }) => placed),
    least,
  ).map(({ from, to, before, after }) => ({
    start: new Date(from).toISOString(),
    end: new Date(to).toISOString(),
    duration_minutes: Math.floor((to - from) / 60_000),
    before_event_type: types.get(before),
    after_event_type: types.get(after),
  }));
}
