import { assignStream, topOf, whereOf, type Assignment, type Knowledge } from './assign-stream';
import type { PlacedEvent } from './place';
import { placesOfSessions, topSession, type Parents } from './sessions';

export type { Assignment, InferredStream } from './assign-stream';

/**
 * Event id → its stream; what is in no map entry stays unassigned, for its person to say. `events` in
 * order of time. Machines do not see each other: what a person said of a folder on one says nothing
 * of the same folder on another.
 */
export function inferStreams(
  events: readonly PlacedEvent[],
  parents: Parents = new Map(),
): Map<string, Assignment> {
  const machines = new Map<string, PlacedEvent[]>();
  for (const event of events) {
    const list = machines.get(event.machine);
    if (list === undefined) machines.set(event.machine, [event]);
    else list.push(event);
  }
  const found = new Map<string, Assignment>();
  for (const list of machines.values()) {
    const known = knowledgeOf(list, parents);
    for (const event of list) {
      const assignment = assignStream(event, known);
      if (assignment !== undefined) found.set(event.id, assignment);
    }
  }
  return found;
}

/** All that one machine's events tell of each other. */
function knowledgeOf(events: readonly PlacedEvent[], parents: Parents): Knowledge {
  const tops = new Map<string, string>();
  for (const { session } of events)
    if (session !== null) tops.set(session, topSession(session, parents));
  const places = {
    tops,
    placesOfSessions: placesOfSessions(events, parents),
    repositories: new Map<string, string>(),
    saidOfSessions: new Map<string, Set<string>>(),
    saidOfPlaces: new Map<string, Set<string>>(),
  };
  const saidOfSessions = whatWasSaid(events, (event) => topOf(event, places));
  const saidOfPlaces = whatWasSaid(events, (event) => whereOf(event, places));
  return { ...places, saidOfSessions, saidOfPlaces };
}

/** Key → the streams that people's own assignments name for it. */
function whatWasSaid(
  events: readonly PlacedEvent[],
  keyOf: (event: PlacedEvent) => string | null,
): Map<string, Set<string>> {
  const said = new Map<string, Set<string>>();
  for (const event of events) {
    const key = event.assigned === null ? null : keyOf(event);
    if (key === null || event.assigned === null) continue;
    said.set(key, (said.get(key) ?? new Set()).add(event.assigned));
  }
  return said;
}
