import { placeOf, type PlacedEvent } from './place';

/** Session → the session that it was started for. */
export type Parents = ReadonlyMap<string, string>;

/** The session that a person began: sub-agents belong to it, however deep. */
export function topSession(session: string, parents: Parents): string {
  const passed = new Set<string>();
  let top = session;
  for (let parent = parents.get(top); parent !== undefined; parent = parents.get(top)) {
    if (passed.has(parent)) break; // no record can make a circle end
    passed.add(parent);
    top = parent;
  }
  return top;
}

/** Each top session's place: that of its earliest event which has one. `events` in order of time. */
export function placesOfSessions(
  events: Iterable<PlacedEvent>,
  parents: Parents,
): Map<string, string> {
  const places = new Map<string, string>();
  for (const event of events) {
    const place = placeOf(event);
    if (event.session === null || place === null) continue;
    const top = topSession(event.session, parents);
    if (!places.has(top)) places.set(top, place);
  }
  return places;
}
