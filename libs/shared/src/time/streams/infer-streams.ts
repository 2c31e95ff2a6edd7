import { nameOfPlace, placeOf, type PlacedEvent } from './place';
import { placesOfSessions, topSession, type Parents } from './sessions';

/** A stream that inference makes: one for each place on each machine. */
export interface InferredStream {
  /** The same for the same machine and place, always. */
  readonly key: string;
  readonly machine: string;
  readonly place: string;
  readonly name: string;
}

/** Where an event belongs, and why: by its person, their other events, or its place alone. */
export type Assignment =
  | { readonly by: 'person' | 'session' | 'place'; readonly stream: string }
  | { readonly by: 'inference'; readonly inferred: InferredStream };

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
  for (const [machine, list] of machines) inferOnMachine(machine, list, parents, found);
  return found;
}

function inferOnMachine(
  machine: string,
  events: readonly PlacedEvent[],
  parents: Parents,
  found: Map<string, Assignment>,
): void {
  const top = ({ session }: PlacedEvent) => session && topSession(session, parents);
  const sessionPlaces = placesOfSessions(events, parents);
  const whereOf = (event: PlacedEvent) => sessionPlaces.get(top(event) ?? '') ?? placeOf(event);
  const saidOfSessions = whatWasSaid(events, top);
  const saidOfPlaces = whatWasSaid(events, whereOf);
  const inferred = new Map<string, InferredStream>();
  for (const event of events) {
    const session = saidOfSessions.get(top(event) ?? '');
    const place = whereOf(event);
    const said = place === null ? undefined : saidOfPlaces.get(place);
    if (event.assigned !== null) found.set(event.id, { by: 'person', stream: event.assigned });
    else if (session?.size === 1) found.set(event.id, { by: 'session', stream: only(session) });
    else if (place === null || session !== undefined || (said?.size ?? 0) > 1) continue;
    else if (said !== undefined) found.set(event.id, { by: 'place', stream: only(said) });
    else found.set(event.id, { by: 'inference', inferred: streamOf(machine, place, inferred) });
  }
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

function only(streams: ReadonlySet<string>): string {
  const [stream] = streams;
  return stream!;
}

function streamOf(
  machine: string,
  place: string,
  known: Map<string, InferredStream>,
): InferredStream {
  const stream = known.get(place) ?? {
    key: `${machine}:${place}`,
    machine,
    place,
    name: nameOfPlace(place),
  };
  known.set(place, stream);
  return stream;
}
