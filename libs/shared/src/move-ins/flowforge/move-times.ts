import { hostname } from 'node:os';
import { importBatch, MOST_RECORDS } from '../../imports/queries';
import { parseLine } from '../../records/parse-line';
import { RECORD_VERSION, type MachineRecord } from '../../records/record';
import { makeRecordId } from '../../records/record-id';
import { formatClock } from '../../time/durations/format-clock';
import { gitProjectOf } from '../../time/hooks/git-project';
import { union } from '../../time/intervals/measure';
import { parseIssue } from '../../time/manual/issue';
import { Zone } from '../../time/periods/zone';
import { MachineMissing } from '../machine-missing';
import type { MoveContext } from '../kinds';
import { moveMachine } from '../queries';
import { Comparison } from './compare';
import { readFlowForge } from './find-files';
import { listMovedTimes } from './moved-times';
import { Plan, type PlannedTime } from './plan';
import type { DayTime, Session, ToldTime } from './told-time';
import { whoseTimes } from './whose';

/** Sessions of whoever moves into logs of working time, each under its task and its beginning. */
export async function moveFlowForge(context: MoveContext): Promise<void> {
  const { session, tally } = context;
  const zone = Zone.of(context.timezone ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  const { folder, times } = readFlowForge(context.path, zone, Date.now());
  const me = whoseTimes(times, context.user, context.account);
  // Where the files name several people, what names nobody is nobody's to move.
  const alone = new Set(times.flatMap(({ person }) => person ?? [])).size < 2;
  const issueOf = issueNamer(context.issues, folder);
  const moved = await listMovedTimes(session);
  const plan = new Plan(moved, zone);
  const compared = new Comparison(me ?? 'you', zone);
  compared.here('here_before', moved);
  const running: ToldTime[] = [];
  for (const told of times) {
    context.signal?.throwIfAborted();
    tally.read++;
    context.onProgress?.(tally.read);
    if (told.kind === 'summary') {
      tally.notes.add(
        `${told.row} says ${formatClock(told.seconds)} in all; summaries are not moved.`,
      );
      continue;
    }
    const ms = lengthOf(told);
    const day = told.kind === 'session' ? compared.dayOf(told.from) : told.day;
    const issue = issueOf(told.task);
    const reason = judge(told, { me, alone }, issue, plan);
    if (reason === 'known' || reason === 'repeated') tally.add({ ...NOTHING, duplicate: 1 });
    else if (reason !== null) tally.refuse(told.row, reason);
    if (reason === 'repeated') continue;
    const refused = reason !== null && reason !== 'known';
    compared.read(told.person ?? (alone ? null : '?'), issue ?? told.task, day, ms, refused);
    const mine = told.person === me || (told.person === null && alone);
    if (mine) {
      tally.sum('sessions', 1);
      tally.sum('time_seconds', Math.round(ms / 1000));
      tally.sum('flowforge_says_seconds', saidOf(told, ms));
    }
    if (reason === 'running') running.push(told);
  }
  const handed = await handIn(context, plan.planned, issueOf, folder);
  compared.here('here_after', await listMovedTimes(session));
  const byDay = new Map<string, number>();
  for (const { told, from, to } of handed) {
    const day = told.kind === 'day' ? told.day : compared.dayOf(from);
    const key = `${issueOf(told.task)}\n${day}`;
    byDay.set(key, (byDay.get(key) ?? 0) + to - from);
  }
  compared.verify(byDay);
  tally.compared = compared.list();
  say(context, plan.planned, running, folder);
}

const NOTHING = { inserted: 0, revised: 0, duplicate: 0, refused: 0, conflicts: 0, reasons: {} };

const lengthOf = (told: Exclude<ToldTime, { kind: 'summary' }>): number =>
  told.kind === 'session' ? told.to - told.from : told.seconds * 1000;

const saidOf = (told: Exclude<ToldTime, { kind: 'summary' }>, ms: number): number =>
  told.kind === 'session' ? (told.saidSeconds ?? Math.round(ms / 1000)) : told.seconds;

/** Null: it is new; `known`: it is here; `repeated`: these files said it already; else why it is refused. */
function judge(
  told: Exclude<ToldTime, { kind: 'summary' }>,
  { me, alone }: { me: string | null; alone: boolean },
  issue: string | null,
  plan: Plan,
): string | null {
  if (told.person !== null && told.person !== me) return 'person';
  if (told.kind === 'wrong') return told.reason;
  if (told.person === null && !alone) return 'nameless';
  if (issue === null) return 'issue';
  const verdict = plan.decide(told);
  if (verdict.kind === 'refused') return verdict.reason;
  if (verdict.kind === 'new') return null;
  return verdict.repeated ? 'repeated' : 'known';
}

/** What FlowForge calls `42`: of the repository at GitHub where there is one, for FlowForge named its issues. */
function issueNamer(said: string | undefined, folder: string): (task: string) => string | null {
  const remote = gitProjectOf(folder);
  const github = /^github\.com\/[^/]+\/[^/]+$/.test(remote ?? '') ? remote!.slice(11) : undefined;
  const prefix = said ?? (github === undefined ? 'flowforge' : `github:${github}`);
  return (task) => {
    const text = prefix.startsWith('github:') ? `${prefix}#${task}` : `${prefix}:${task}`;
    try {
      return parseIssue(text);
    } catch {
      return null;
    }
  };
}

async function handIn(
  context: MoveContext,
  planned: readonly PlannedTime[],
  issueOf: (task: string) => string | null,
  folder: string,
): Promise<PlannedTime[]> {
  const machines = new Map<string, string>();
  const waiting = new Map<string, { label?: string; records: MachineRecord[] }>();
  const handed: PlannedTime[] = [];
  for (const time of planned) {
    const { machineId, label } = await machineOf(context, time.told.host, machines);
    const record = toRecord(time, machineId, issueOf(time.told.task)!, folder);
    if (typeof record === 'string') {
      context.tally.refuse(time.told.row, record);
      continue;
    }
    handed.push(time);
    const batch = waiting.get(machineId) ?? { ...(label && { label }), records: [] };
    batch.records.push(record);
    waiting.set(machineId, batch);
  }
  for (const [machineId, { label, records }] of waiting)
    for (let i = 0; i < records.length; i += MOST_RECORDS)
      context.tally.add(
        await importBatch(context, {
          ...{ machineId, label, road: 'move-in' },
          records: records.slice(i, i + MOST_RECORDS),
        }),
      );
  return handed;
}

/** The machine that was said, else the one that the session names, else this one. */
async function machineOf(
  { session, machine, thisMachine }: MoveContext,
  host: string | null,
  known: Map<string, string>,
): Promise<{ machineId: string; label?: string }> {
  const own = [hostname(), thisMachine?.label].some(
    (name) => name?.toLowerCase() === host?.toLowerCase(),
  );
  const name = machine ?? (own && thisMachine !== undefined ? null : host);
  if (name === null) {
    if (thisMachine === undefined) throw new MachineMissing();
    return { machineId: thisMachine.machine_id, label: thisMachine.label };
  }
  const machineId = known.get(name) ?? (await moveMachine(session, name));
  known.set(name, machineId);
  return { machineId };
}

/** The reason of the refusal where it is no record. */
function toRecord(
  { told, from, to, name }: PlannedTime,
  machineId: string,
  issue: string,
  folder: string,
): MachineRecord | string {
  const at = new Date(to).toISOString();
  const [source, type] = ['manual', 'manual_log'] as const;
  const record = {
    ...{ v: RECORD_VERSION, at, type, source, session_id: null, issue },
    id: makeRecordId({ machineId, source, type, at, discriminator: name }),
    // Time that was not billable belongs to no folder, so that no link publishes it.
    folder: told.billable ? folder : null,
    started_at: new Date(from).toISOString(),
    duration_ms: to - from,
    note: cleanNote(told),
  };
  const parsed = parseLine(JSON.stringify(record));
  if (parsed.kind === 'record') return parsed.record;
  return parsed.kind === 'refused' ? parsed.reason : 'bad_field';
}

function cleanNote({ note }: Session | DayTime): string | null {
  const text = note?.replace(/\p{Cc}+/gu, ' ').trim() ?? '';
  return text === '' ? null : [...text].slice(0, 500).join('');
}

function say(
  { tally }: MoveContext,
  planned: readonly PlannedTime[],
  running: readonly ToldTime[],
  folder: string,
): void {
  const sum = planned.reduce((all, { from, to }) => all + to - from, 0);
  const covered = union(planned).reduce((all, { from, to }) => all + to - from, 0);
  if (sum > covered)
    tally.notes.add(
      `Sessions lie over each other for ${formatClock(Math.round((sum - covered) / 1000))}, which ` +
        'FlowForge counted twice; working time counts it once.',
    );
  if (planned.some(({ told }) => told.kind === 'day'))
    tally.notes.add('Times without a time of the day begin at 9:00, one after the other.');
  if (running.length > 0)
    tally.notes.add('A timer still runs. It comes with the next move after it was stopped.');
  if (planned.length > 0)
    tally.notes.add(
      `What is moved in is private. To publish it: coffee-roadmap projects link ${folder}`,
    );
}
