import type { Session } from '../../db/session';
import type { Interval } from '../intervals/interval';
import type { Period } from '../periods/period';
import { listSessionFacts, loadIntervals, loadStreams, type Stream } from '../queries';
import { buildReport } from './build-report';
import type { Report, StreamFacts } from './report';

export interface LoadedReport {
  readonly report: Report;
  /** What it was made of; nothing is clipped. */
  readonly intervals: readonly Interval[];
  readonly streams: ReadonlyMap<string, StreamFacts & Stream>;
}

/** The caller's report of a period from what was computed last: run `recompute` first. */
export async function loadReport(
  session: Session<'person'>,
  period: Period,
  generatedAt = new Date(),
): Promise<LoadedReport> {
  const intervals = await loadIntervals(session, period);
  const streams = new Map(
    (await loadStreams(session)).map((stream) => [stream.id, { ...stream, project: null }]),
  );
  const sessions = await listSessionFacts(session, period);
  const report = buildReport({ period, generatedAt, intervals, streams, sessions });
  return { report, intervals, streams };
}
