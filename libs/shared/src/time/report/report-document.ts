import { addDays } from '../periods/local-date';
import type { Report, StreamLine, Times } from './report';

const PROMPT_LENGTH = 100;

/**
 * The report as `--json` and the dashboard's API give it; keys and meanings as its predecessor's. `titles`
 * are of issues, where they are known.
 */
export function reportDocument(
  report: Report,
  titles: ReadonlyMap<string, string> = new Map(),
): object {
  const { period, totals, unassigned, sessions } = report;
  return {
    generated_at: report.generatedAt.toISOString(),
    timezone: period.zone.name,
    week_start_day: 'monday',
    period: {
      type: period.type,
      key: period.key,
      /** Both days are part of it; the instants are half-open. */
      start: period.firstDay,
      end: addDays(period.endDay, -1),
      starts_at: new Date(period.from).toISOString(),
      ends_at: new Date(period.to).toISOString(),
    },
    by_tag: report.byTag.map(({ tag, streams, ...sums }) => ({
      tag,
      ...times(sums),
      streams: streams.map(stream),
    })),
    untagged: { ...times(report.untagged), streams: report.untagged.streams.map(stream) },
    by_project: report.byProject.map(({ project, ...sums }) => ({ project, ...times(sums) })),
    by_stream: report.streams.map(stream),
    by_issue: report.byIssue.map(({ issue, ...sums }) => ({
      ...{ issue, title: titles.get(issue) ?? null },
      ...times(sums),
    })),
    by_day: report.byDay.map(({ date, ...sums }) => ({ date, ...times(sums) })),
    agent_sessions: {
      total: sessions.total,
      by_source: sessions.bySource,
      by_type: sessions.byType,
      top_sessions: sessions.top.map(({ session, source, type, durationMs, startingPrompt }) => ({
        session_id: session,
        source,
        type,
        duration_ms: durationMs,
        starting_prompt: startingPrompt && [...startingPrompt].slice(0, PROMPT_LENGTH).join(''),
      })),
    },
    cut_timers: report.cutTimers.map(({ issue, at }) => ({ issue, ended_at: at.toISOString() })),
    totals: {
      ...times(totals),
      time_tracked_ms: totals.trackedMs,
      stream_count: totals.streamCount,
      unassigned_direct_ms: unassigned.directMs,
      unassigned_delegated_ms: unassigned.delegatedMs,
    },
  };
}

function times({ directMs, delegatedMs }: Times) {
  return { time_direct_ms: directMs, time_delegated_ms: delegatedMs };
}

function stream({ stream, name, tags, ...sums }: StreamLine) {
  return { id: stream, name, tags, ...times(sums) };
}
