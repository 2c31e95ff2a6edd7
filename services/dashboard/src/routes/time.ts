import type { Session } from '@coffee-roadmap/shared/db/session';
import { AppError } from '@coffee-roadmap/shared/errors';
import { clip } from '@coffee-roadmap/shared/time/intervals/cut';
import type { Interval } from '@coffee-roadmap/shared/time/intervals/interval';
import { daysOfPeriod, periodOf, type Period } from '@coffee-roadmap/shared/time/periods/period';
import { parseDate } from '@coffee-roadmap/shared/time/periods/local-date';
import { Zone } from '@coffee-roadmap/shared/time/periods/zone';
import { recompute } from '@coffee-roadmap/shared/time/recompute/recompute';
import { countStaleDays } from '@coffee-roadmap/shared/time/recompute/queries';
import { buildReport } from '@coffee-roadmap/shared/time/report/build-report';
import { loadReport, type LoadedReport } from '@coffee-roadmap/shared/time/report/load-report';
import { Router, type Request } from 'express';
import { asPerson, type RouteContext } from './context';

/** More are computed in a terminal, where somebody sees how far it is. */
const MOST_STALE_DAYS = 32;

/** The working time of whoever is signed in: nobody else's is ever here. */
export function timeRoutes(context: RouteContext): Router {
  const routes = Router();
  routes.get(
    '/time',
    asPerson(context, async (session, request) => readTime(session, request)),
  );
  return routes;
}

async function readTime(session: Session<'person'>, { query }: Request): Promise<object> {
  const zone = Zone.of(typeof query.zone === 'string' ? query.zone.slice(0, 64) : 'UTC');
  const now = new Date();
  const today = zone.dateAt(now.getTime());
  const date = typeof query.day === 'string' ? parseDate(query.day) : today;
  if (date < '2000-01-01' || date > '2100-01-01')
    throw new AppError('invalid_input', 'that day is too far away');
  const stale = await countStaleDays(session);
  if (stale > 0 && stale <= MOST_STALE_DAYS) await recompute(session);
  const loaded = await loadReport(session, periodOf('week', date, zone), { generatedAt: now });
  const day = periodOf('day', date, zone);
  return {
    day: date,
    today,
    week: loaded.report.period.key,
    stale_days: stale > MOST_STALE_DAYS ? stale : 0,
    starts_at: day.from,
    ends_at: day.to,
    ...lanesOf(loaded, { ...day, to: Math.min(day.to, now.getTime()) }),
    totals: loaded.report.totals,
    unassigned: loaded.report.unassigned,
    by_tag: tagsByDay(loaded, now),
  };
}

/** A person's lane, and as many for agents as were at work at once. */
function lanesOf({ intervals, streams }: LoadedReport, within: Period) {
  const shown = ({ from, to, by, stream, issue, session }: Interval): object => {
    const { name = null, machine = null } = streams.get(stream ?? '') ?? {};
    return { from, to, by, stream, name, machine, issue, session };
  };
  const inDay = within.from < within.to ? clip(intervals, within) : [];
  const lanes: Interval[][] = [];
  for (const interval of inDay.filter(({ by }) => by === 'agent')) {
    const free = lanes.find((lane) => lane.at(-1)!.to <= interval.from);
    if (free === undefined) lanes.push([interval]);
    else free.push(interval);
  }
  return {
    own: inDay.filter(({ by }) => by !== 'agent').map(shown),
    agents: lanes.map((lane) => lane.map(shown)),
  };
}

/** Own time in hours of each day of the week; a stream with several tags counts under each. */
function tagsByDay({ report, intervals, streams }: LoadedReport, generatedAt: Date) {
  const days = daysOfPeriod(report.period).map((period) => {
    const { byTag, untagged, unassigned } = buildReport({
      ...{ period, generatedAt, intervals, streams, sessions: [] },
    });
    return new Map([
      ...byTag.map(({ tag, directMs }) => [tag, directMs] as const),
      ['(untagged)', untagged.directMs] as const,
      ['(unassigned)', unassigned.directMs] as const,
    ]);
  });
  const tags = [...new Set(days.flatMap((day) => [...day.keys()]))];
  return {
    days: report.byDay.map(({ date }) => date),
    tags: tags
      .map((name) => ({ name, hours: days.map((day) => (day.get(name) ?? 0) / 3_600_000) }))
      .filter(({ hours }) => hours.some((value) => value > 0)),
  };
}
