import { placeOf, type PlacedEvent } from './place';

const MINUTE = 60_000;
/** Events of one place that are further apart belong to two clusters. */
export const CLUSTER_GAP_MS = 30 * MINUTE;
/** Shorter silences are not listed. */
export const LISTED_GAP_MS = 5 * MINUTE;

/** Events of one machine and place that follow each other closely: what a person classifies as one. */
export interface Cluster {
  machine: string;
  place: string | null;
  /** Milliseconds since the epoch, both inclusive: the first and the last event. */
  from: number;
  to: number;
  events: string[];
  sessions: string[];
}

/** Clusters in order of their beginning; every event is in exactly one. `events` in order of time. */
export function clusterEvents(
  events: Iterable<PlacedEvent>,
  gapMs: number = CLUSTER_GAP_MS,
): Cluster[] {
  const open = new Map<string, Cluster>();
  const clusters: Cluster[] = [];
  for (const event of events) {
    const place = placeOf(event);
    const key = JSON.stringify([event.machine, place]);
    const { session } = event;
    const sessions = session === null ? [] : [session];
    const last = open.get(key);
    if (last !== undefined && event.at - last.to < gapMs) {
      last.to = event.at;
      last.events.push(event.id);
      if (session !== null && !last.sessions.includes(session)) {
        last.sessions.push(session);
      }
      continue;
    }
    const { machine, at, id } = event;
    const cluster = { machine, place, from: at, to: at, events: [id], sessions };
    open.set(key, cluster);
    clusters.push(cluster);
  }
  return clusters;
}

/** Silences of at least `gapMs` between events of any machine, in order. `events` in order of time. */
export function listGaps(
  events: Iterable<PlacedEvent>,
  gapMs: number = LISTED_GAP_MS,
): { from: number; to: number; before: string; after: string }[] {
  const gaps = [];
  let last: PlacedEvent | undefined;
  for (const event of events) {
    if (last !== undefined && event.at - last.at >= gapMs) {
      gaps.push({ from: last.at, to: event.at, before: last.id, after: event.id });
    }
    last = event;
  }
  return gaps;
}
