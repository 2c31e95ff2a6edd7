import type { Session } from '../db/session';
import { sqlStateOf, toAppError } from '../db/app-errors';
import { AppError } from '../errors';
import { addDays, addMonths, utcOf, type LocalDate } from '../time/periods/local-date';
import { Zone } from '../time/periods/zone';
import { recompute } from '../time/recompute/recompute';
import { loadIntervals, loadStreams, type Stream } from '../time/queries';
import type { Span } from '../time/intervals/interval';
import { matchStreams, type Matched, type ProjectLink } from './match-links';
import { modelsBySpan } from './model-use';
import { granularityOn, nameOfPeriod, publishedPeriods, type PublishedPeriod } from './periods';
import {
  firstCreditedTime,
  listLinks,
  listPublished,
  listPublishedLines,
  loadTeams,
  logPublication,
  publishPeriod,
  type Layer,
  type PublishedTotals,
  type PublishingTeam,
} from './queries';
import { keyOfLine, summarise, type SummaryLine } from './summarise';

type Person = Session<'person'>;

export interface PublishOptions {
  readonly layer: Layer;
  /** From the first credited time on, not only this month and the two before it. */
  readonly rebuild?: boolean | undefined;
  /** Why what is closed is corrected; without one corrections are held back and named. */
  readonly reason?: string | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Only this team. */
  readonly team?: string | undefined;
  /** Computes and sends nothing. */
  readonly dryRun?: boolean | undefined;
}

export interface PeriodOutcome {
  readonly period: string;
  readonly first_day: LocalDate;
  readonly lines: readonly SummaryLine[];
  /** Held: it is closed and would change, and nobody said why. */
  readonly outcome: 'published' | 'unchanged' | 'held' | 'would_publish';
  readonly version: number | null;
}

export interface TeamOutcome {
  readonly team: string;
  readonly team_id: string;
  readonly periods: readonly PeriodOutcome[];
}

export interface PublishOutcome {
  readonly teams: readonly TeamOutcome[];
  /** Streams that links give to two projects. */
  readonly ambiguous: readonly string[];
  /** Names of streams with time in these periods that no link gives to a project. */
  readonly unmapped: readonly string[];
}

/** SQLSTATE of a correction that does not say why. */
const PERIOD_CLOSED = 'CR005';
/** What a late report is told to be where nobody says: a machine's records came after the closing. */
const LATE = 'recomputed: detail arrived after the period was closed';

/**
 * Publishes the caller's own time: detail is read from `own`, and only summaries go to `team`, which may be
 * the same session. Layers that run by themselves correct a closed period upwards alone: detail that is
 * missing here is no reason to lower what was published. What fails for one team is not in the way of the
 * others: the first error is thrown after the last team.
 */
export async function publish(
  own: Person,
  team: Person,
  options: PublishOptions,
): Promise<PublishOutcome> {
  const wanted = (await loadTeams(team)).filter(
    ({ name }) => options.team === undefined || name.toLowerCase() === options.team.toLowerCase(),
  );
  if (wanted.length === 0) {
    throw new AppError('not_found', 'there is no such team of yours', {
      hint: 'coffee-roadmap teams list',
    });
  }
  let facts: OwnFacts;
  try {
    facts = await loadFacts(own);
  } catch (error) {
    for (const { id } of wanted) await logRun(team, id, options, [], toAppError(error).code);
    throw error;
  }
  const { streams } = facts;
  const outcomes: TeamOutcome[] = [];
  const unmapped = new Set<string>();
  const failures: unknown[] = [];
  for (const one of wanted) {
    try {
      outcomes.push(await publishTeam(facts, team, one, options, unmapped));
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  const nameOf = (id: string): string => streams.find((stream) => stream.id === id)?.name ?? id;
  return {
    teams: outcomes,
    ambiguous: facts.matched.ambiguous.map(nameOf),
    unmapped: [...unmapped].map(nameOf).sort(),
  };
}

interface OwnFacts {
  own: Person;
  links: readonly ProjectLink[];
  streams: readonly Stream[];
  matched: Matched;
  first: number | null;
}

async function loadFacts(own: Person): Promise<OwnFacts> {
  await recompute(own);
  const [links, streams, first] = await Promise.all([
    listLinks(own),
    loadStreams(own),
    firstCreditedTime(own),
  ]);
  return { own, links, streams, matched: matchStreams(streams, links), first };
}

/** Where the team's database is gone, nobody is left to be told of a failure; the error is what counts. */
async function logRun(
  session: Person,
  teamId: string,
  { layer, dryRun }: PublishOptions,
  periods: readonly PeriodOutcome[],
  code?: string,
): Promise<void> {
  if (dryRun === true) return;
  const changed = periods.filter(({ outcome }) => outcome === 'published').length;
  const run = { teamId, layer, periods: periods.length, changed };
  const logged = logPublication(session, { ...run, ...(code === undefined ? {} : { code }) });
  await (code === undefined ? logged : logged.catch(() => undefined));
}

async function publishTeam(
  facts: OwnFacts,
  session: Person,
  team: PublishingTeam,
  options: PublishOptions,
  unmapped: Set<string>,
): Promise<TeamOutcome> {
  const periods: PeriodOutcome[] = [];
  try {
    const before = await listPublished(session, team.id);
    if (facts.first === null && before.some(({ measured_seconds: s }) => s > 0)) {
      throw new AppError('conflict', 'there is no time here, and something was published before', {
        hint: 'Publish from the machine that holds your detail, or set database_url to it.',
      });
    }
    const olds = new Map(before.map((one) => [one.first_day, one]));
    const wanted = periodsOf(team, facts.first, options);
    for (let at = 0; at < wanted.length; at += AT_ONCE) {
      const some = wanted.slice(at, at + AT_ONCE);
      for (const { period, lines, same } of await linesOf(facts, session, team, some, unmapped)) {
        const old = olds.get(period.firstDay);
        periods.push(await publishOne(session, team, { period, lines, old, same }, options));
      }
    }
  } catch (error) {
    await logRun(session, team.id, options, periods, toAppError(error).code);
    throw error;
  }
  await logRun(session, team.id, options, periods);
  return { team: team.name, team_id: team.id, periods };
}

function periodsOf(
  team: PublishingTeam,
  first: number | null,
  { rebuild, now }: PublishOptions,
): PublishedPeriod[] {
  const { granularities } = team;
  const utcToday = new Date(now).toISOString().slice(0, 10);
  const today = Zone.of(granularityOn(granularities, utcToday).zone).dateAt(now);
  const recent = addMonths(today, -2);
  const oldest = first === null ? recent : addDays(new Date(first).toISOString().slice(0, 10), -1);
  return publishedPeriods(granularities, rebuild === true ? oldest : recent, today);
}

async function publishOne(
  session: Person,
  team: PublishingTeam,
  { period, lines, old, same }: PeriodLines & { old: PublishedTotals | undefined },
  { layer, reason, dryRun }: PublishOptions,
): Promise<PeriodOutcome> {
  const named = { period: nameOfPeriod(period), first_day: period.firstDay, lines };
  if (same && old !== undefined) return { ...named, outcome: 'unchanged', version: old.version };
  if (dryRun === true) return { ...named, outcome: 'would_publish', version: old?.version ?? null };
  const measured = lines.reduce((sum, line) => sum + line.measured_seconds, 0);
  const more = measured > (old?.measured_seconds ?? 0);
  const why = reason ?? (layer !== 'hand' && more ? LATE : undefined);
  try {
    const { version, changed } = await publishPeriod(session, {
      ...{ teamId: team.id, firstDay: period.firstDay, lines, layer, reason: why },
    });
    return { ...named, outcome: changed ? 'published' : 'unchanged', version };
  } catch (error) {
    if (why !== undefined || sqlStateOf(error) !== PERIOD_CLOSED) throw error;
    return { ...named, outcome: 'held', version: old?.version ?? null };
  }
}

/** Periods that are read at once: days of a quarter. */
const AT_ONCE = 92;

interface PeriodLines {
  period: PublishedPeriod;
  lines: SummaryLine[];
  /** What is published is just this. */
  same: boolean;
}

/** What is to be published of each period, and whether it is already; all of them by three questions. */
async function linesOf(
  facts: OwnFacts,
  session: Person,
  team: PublishingTeam,
  periods: readonly PublishedPeriod[],
  unmapped: Set<string>,
): Promise<PeriodLines[]> {
  const { own, matched } = facts;
  const spans = periods.map(spanOf);
  const all = {
    from: Math.min(...spans.map(({ from }) => from)),
    to: Math.max(...spans.map(({ to }) => to)),
  };
  const passed = team.projects.some(({ aiCost }) => aiCost);
  const intervals = await loadIntervals(own, all);
  const models = passed ? await modelsBySpan(own, facts, spans) : [];
  const days = { first: periods[0]!.firstDay, last: periods.at(-1)!.firstDay };
  const there = await listPublishedLines(session, team.id, days);
  const projects = new Map(team.projects.map((project) => [project.id, project]));
  return periods.map((period, i) => {
    const span = spans[i]!;
    if (utcOf(period.endDay) <= utcOf(period.firstDay) || span.from >= span.to)
      return { period, lines: [], same: false };
    const within = intervals.filter(({ from, to }) => from < span.to && to > span.from);
    for (const { stream } of within) {
      if (stream !== null && !matched.projects.has(stream)) unmapped.add(stream);
    }
    const lines = summarise({
      ...{ span, zone: Zone.of(period.zone), intervals: within, projects, models: models[i] ?? [] },
      perIssue: period.per === 'issue',
      projectOf: matched.projects,
    });
    return { period, lines, same: sameLines(lines, there.get(period.firstDay) ?? []) };
  });
}

function spanOf({ zone, firstDay, endDay }: PublishedPeriod): Span {
  return { from: Zone.of(zone).startOfDay(firstDay), to: Zone.of(zone).startOfDay(endDay) };
}

/** Of the same key each number is the same: a key has one line. */
function sameLines(one: readonly SummaryLine[], other: readonly SummaryLine[]): boolean {
  const others = new Map(other.map((line) => [keyOfLine(line), line]));
  return (
    one.length === other.length &&
    one.every((line) => {
      const there = others.get(keyOfLine(line));
      if (there === undefined) return false;
      return (Object.keys(line) as (keyof SummaryLine)[]).every((key) => line[key] === there[key]);
    })
  );
}
