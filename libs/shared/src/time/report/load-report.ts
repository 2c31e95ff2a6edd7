import type { Session } from '../../db/session';
import { listProjectNames, type ProjectName } from '../../projects/queries';
import { listLinks } from '../../publishing/queries';
import type { Interval } from '../intervals/interval';
import type { Period } from '../periods/period';
import {
  listCutTimers,
  listSessionFacts,
  loadIntervals,
  loadStreams,
  type Stream,
} from '../queries';
import { buildReport } from './build-report';
import { projectNamesOf } from './project-names';
import type { Report, StreamFacts } from './report';

export interface LoadedReport {
  readonly report: Report;
  /** What it was made of; nothing is clipped. */
  readonly intervals: readonly Interval[];
  readonly streams: ReadonlyMap<string, StreamFacts & Stream>;
}

export interface ReportOptions {
  readonly generatedAt?: Date;
  /** Where the caller's teams and their projects are, if that is another database than the detail's. */
  readonly listProjects?: () => Promise<readonly ProjectName[]>;
}

/** The caller's report of a period from what was computed last: run `recompute` first. */
export async function loadReport(
  session: Session<'person'>,
  period: Period,
  options: ReportOptions = {},
): Promise<LoadedReport> {
  const { generatedAt = new Date() } = options;
  const [intervals, found, sessions, cutTimers, links] = await Promise.all([
    loadIntervals(session, period),
    loadStreams(session),
    listSessionFacts(session, period),
    listCutTimers(session, period),
    listLinks(session),
  ]);
  const listProjects = options.listProjects ?? (() => listProjectNames(session));
  const names = projectNamesOf(found, links, links.length === 0 ? [] : await listProjects());
  const streams = new Map(
    found.map((stream) => [stream.id, { ...stream, project: names.get(stream.id) ?? null }]),
  );
  const report = buildReport({ period, generatedAt, intervals, streams, sessions, cutTimers });
  return { report, intervals, streams };
}
