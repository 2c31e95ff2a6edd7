import { createHash } from 'node:crypto';
import type { Session } from '../../db/session';
import { readEvent } from '../events/read-event';
import { compareEvents, type TimeEvent } from '../events/time-event';
import { assignStream, topOf, whereOf, type Assignment } from '../streams/assign-stream';
import type { PlacedEvent } from '../streams/place';
import type { KnowledgeByMachine } from './knowledge';
import { findStreams, listEventsOf, listSessionsOf, type KeptEvent } from './queries';

export interface DayEvents {
  readonly events: readonly TimeEvent[];
  /** Sessions, folders, places and streams that they were read by, as the database marks them. */
  readonly dependsOn: readonly string[];
}

export interface ReadEvent {
  readonly event: KeptEvent;
  readonly placed: PlacedEvent;
  readonly to: Assignment | undefined;
  /** Null: unassigned. */
  readonly stream: string | null;
}

const md5 = (text: string): string => createHash('md5').update(text).digest('hex');

/** Streams of places that were found before: machine and place → stream. */
export type FoundStreams = Map<string, string>;

/** A UTC day's events as allocation takes them, each with its stream; streams are made where needed. */
export async function readDay(
  session: Session<'person'>,
  day: number,
  known: KnowledgeByMachine,
  found: FoundStreams,
): Promise<DayEvents> {
  const dependsOn = new Set<string>();
  const events: TimeEvent[] = [];
  for (const { event, placed, stream } of await readPlaced(session, day, known, found)) {
    for (const key of keysOf(placed, known)) dependsOn.add(key);
    if (stream !== null) dependsOn.add(`t:${stream}`);
    const { machine } = event;
    const sessionType = known.typeOf(machine, event.session_id);
    const read = readEvent(event, { machine, stream, sessionType });
    if (read !== undefined) events.push(read);
  }
  return { events: events.sort(compareEvents), dependsOn: [...dependsOn].sort() };
}

/** The day's records, each with its place and its stream, in no order. */
export async function readPlaced(
  session: Session<'person'>,
  day: number,
  known: KnowledgeByMachine,
  found: FoundStreams,
): Promise<ReadEvent[]> {
  const kept = await listEventsOf(session, day);
  if (kept.length === 0) return [];
  known.learn(await listSessionsOf(session, day));
  const assigned = kept.map((event) => {
    const placed = placedEvent(event);
    return { event, placed, to: assignStream(placed, known.of(event.machine)) };
  });
  await findInferred(session, assigned, found);
  return assigned.map((one) => ({ ...one, stream: streamOf(one.to, found) }));
}

function placedEvent(event: KeptEvent): PlacedEvent {
  return {
    id: event.id,
    at: effectiveAt(event),
    machine: event.machine,
    session: event.session_id,
    folder: event.folder,
    gitProject: 'git_project' in event ? event.git_project : null,
    assigned: event.assigned,
  };
}

/** As the database has it: an absence from the last input on, a log from its beginning. */
function effectiveAt(event: KeptEvent): number {
  if (event.type === 'manual_log') return Date.parse(event.started_at);
  const idle = event.type === 'afk_change' && event.status === 'idle' ? event.idle_duration_ms : 0;
  return Date.parse(event.at) - (idle ?? 0);
}

function streamOf(assignment: Assignment | undefined, found: FoundStreams): string | null {
  if (assignment === undefined) return null;
  return 'stream' in assignment ? assignment.stream : (found.get(assignment.inferred.key) ?? null);
}

async function findInferred(
  session: Session<'person'>,
  assigned: readonly { to: Assignment | undefined }[],
  found: FoundStreams,
): Promise<void> {
  const missing = new Map<string, Map<string, { place: string; name: string }>>();
  for (const { to } of assigned) {
    if (to?.by !== 'inference' || found.has(to.inferred.key)) continue;
    const { machine, place, name } = to.inferred;
    const places = missing.get(machine) ?? new Map<string, { place: string; name: string }>();
    missing.set(machine, places.set(place, { place, name }));
  }
  for (const [machine, places] of missing) {
    const streams = await findStreams(session, machine, [...places.values()]);
    for (const [place, stream] of streams) found.set(`${machine}:${place}`, stream);
  }
}

/** What a change of makes the event's assignment another; db/functions/time_marks.sql has the keys. */
function keysOf(event: PlacedEvent, known: KnowledgeByMachine): string[] {
  const { machine, session, folder } = event;
  const here = known.of(machine);
  const keys: string[] = [];
  const top = topOf(event, here);
  if (session !== null) keys.push(`s:${machine}:${session}`);
  if (top !== null && top !== session) keys.push(`s:${machine}:${top}`);
  const place = whereOf(event, here);
  const began = top === null ? undefined : here.placesOfSessions.get(top);
  for (const text of [place, folder, began]) {
    if (text == null) continue;
    const hash = md5(text);
    keys.push(`p:${machine}:${hash}`, `f:${machine}:${hash}`);
  }
  return keys;
}
