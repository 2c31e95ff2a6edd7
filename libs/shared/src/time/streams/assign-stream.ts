import { nameOfPlace, placeOf, type PlacedEvent } from './place';

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

/** What is known of one machine beside the event itself. */
export interface Knowledge {
  /** The session that a person began; undefined where it is the session itself. */
  readonly tops: ReadonlyMap<string, string>;
  /** Top session → where it began. */
  readonly placesOfSessions: ReadonlyMap<string, string>;
  /** Folder → the repository that it is in. */
  readonly repositories: ReadonlyMap<string, string>;
  /** Top session → the streams that its person named for it. */
  readonly saidOfSessions: ReadonlyMap<string, ReadonlySet<string>>;
  /** Repository or folder → the streams that its person named for it. */
  readonly saidOfPlaces: ReadonlyMap<string, ReadonlySet<string>>;
}

/** Undefined: it stays unassigned, for its person to say. */
export function assignStream(event: PlacedEvent, known: Knowledge): Assignment | undefined {
  if (event.assigned !== null) return { by: 'person', stream: event.assigned };
  const top = topOf(event, known);
  const session = top === null ? undefined : known.saidOfSessions.get(top);
  if (session?.size === 1) return { by: 'session', stream: only(session) };
  const place = whereOf(event, known);
  if (place === null || session !== undefined) return undefined;
  const said =
    known.saidOfPlaces.get(place) ??
    (event.folder === null ? undefined : known.saidOfPlaces.get(event.folder));
  if (said === undefined) return { by: 'inference', inferred: streamOf(event.machine, place) };
  return said.size === 1 ? { by: 'place', stream: only(said) } : undefined;
}

export function topOf({ session }: PlacedEvent, { tops }: Knowledge): string | null {
  return session === null ? null : (tops.get(session) ?? session);
}

/** The event's place: its session's, else its own; of a folder whose repository is known, that. */
export function whereOf(event: PlacedEvent, known: Knowledge): string | null {
  const top = topOf(event, known);
  const place = (top === null ? undefined : known.placesOfSessions.get(top)) ?? placeOf(event);
  return place === null ? null : (known.repositories.get(place) ?? place);
}

function only(streams: ReadonlySet<string>): string {
  const [stream] = streams;
  return stream!;
}

function streamOf(machine: string, place: string): InferredStream {
  return { key: `${machine}:${place}`, machine, place, name: nameOfPlace(place) };
}
