import type { Session } from '../../db/session';
import { dayOf } from '../allocation/days';
import type { Span } from '../intervals/interval';
import { KnowledgeByMachine } from '../recompute/knowledge';
import { listRepositories, listSaid, type KeptEvent } from '../recompute/queries';
import { readPlaced, type FoundStreams } from '../recompute/read-day';
import type { PlacedEvent } from '../streams/place';

export interface ListedEvent {
  readonly event: KeptEvent;
  readonly placed: PlacedEvent;
  /** Null: unassigned. */
  readonly stream: string | null;
  /** By whom: its person, their other events, its place, or inference. */
  readonly by: 'person' | 'session' | 'place' | 'inference' | null;
}

/** The caller's events of a period with the stream that each belongs to, in order of time. */
export async function listDayEvents(
  session: Session<'person'>,
  { from, to }: Span,
): Promise<ListedEvent[]> {
  const knowledge = new KnowledgeByMachine({
    said: await listSaid(session),
    repositories: await listRepositories(session),
  });
  const found: FoundStreams = new Map();
  const listed = new Map<string, ListedEvent>();
  for (let day = dayOf(from); day <= dayOf(to - 1); day += 1) {
    for (const one of await readPlaced(session, day, knowledge, found)) {
      const { at } = one.placed;
      if (at >= from && at < to) listed.set(one.event.id, { ...one, by: one.to?.by ?? null });
    }
  }
  return [...listed.values()].sort(
    (a, b) => a.placed.at - b.placed.at || (a.event.id < b.event.id ? -1 : 1),
  );
}
