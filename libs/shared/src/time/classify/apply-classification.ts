import type { Session } from '../../db/session';
import { loadStreams, type Stream } from '../queries';
import { inTransaction } from '../recompute/in-transaction';
import { holdTime } from '../recompute/queries';
import { assignToStream, createStream, tagStream, type Subject } from '../streams/queries';
import type { Classification } from './parse-classification';
import { findEvents, findPlaces, findSessions, type Target } from './queries';

export interface Applied {
  streams_created: number;
  tags_added: number;
  sessions: number;
  places: number;
  events: number;
  /** What was named and is not there. */
  unknown: string[];
}

/**
 * Applies all of it, or nothing. A name stands for a stream of that name on each machine where something
 * is assigned to it; one that is missing is made.
 */
export function applyClassification(
  session: Session<'person'>,
  classification: Classification,
): Promise<Applied> {
  return inTransaction(session, async (inside) => {
    await holdTime(inside);
    return new Application(inside, await loadStreams(inside), classification).run();
  });
}

class Application {
  private readonly applied: Applied = {
    ...{ streams_created: 0, tags_added: 0, sessions: 0, places: 0, events: 0, unknown: [] },
  };
  private readonly byName = new Map<string, string>();

  constructor(
    private readonly session: Session<'person'>,
    private readonly streams: readonly Stream[],
    private readonly given: Classification,
  ) {
    // The oldest of a name is meant, which is the one that was there when it was written down.
    for (const { id, name, machineId } of [...streams].reverse())
      this.byName.set(JSON.stringify([machineId, name]), id);
  }

  async run(): Promise<Applied> {
    const { sessions, patterns, events, times } = this.given;
    // What says less of an event comes first: what says more replaces it, event by event.
    for (const { like, from, to, stream } of patterns) {
      const whole = from === undefined && to === undefined;
      if (whole) await this.assign('place', stream, await findPlaces(this.session, like), like);
      else await this.assign('event', stream, await this.events({ like, from, to }), like);
    }
    for (const { session, stream } of sessions)
      await this.assign('session', stream, await findSessions(this.session, session), session);
    for (const { from, to, stream } of times)
      await this.assign('event', stream, await this.events({ from, to }), from.toISOString());
    for (const { ids, stream } of events)
      await this.assign('event', stream, await this.events({ ids }), ids[0] ?? stream);
    for (const { name, tags } of this.given.streams) await this.tag(name, tags);
    return this.applied;
  }

  private events(filter: { ids?: readonly string[]; like?: string; from?: Date; to?: Date }) {
    return findEvents(this.session, filter);
  }

  private async assign(subject: Subject, name: string, targets: Target[], what: string) {
    if (targets.length === 0) this.applied.unknown.push(what);
    for (const machine of new Set(targets.map((target) => target.machine))) {
      const keys = targets.filter((target) => target.machine === machine).map(({ key }) => key);
      const stream = await this.streamOf(machine, name);
      const done = await assignToStream(this.session, stream, subject, keys);
      this.applied[`${subject}s`] += done;
    }
  }

  private async streamOf(machine: string, name: string): Promise<string> {
    const key = JSON.stringify([machine, name]);
    const known = this.byName.get(key);
    if (known !== undefined) return known;
    const made = await createStream(this.session, machine, name);
    this.applied.streams_created += 1;
    this.byName.set(key, made);
    return made;
  }

  private async tag(name: string, tags: readonly string[]): Promise<void> {
    const own = [...this.byName].filter(([key]) => (JSON.parse(key) as string[])[1] === name);
    if (own.length === 0) this.applied.unknown.push(name);
    for (const [, stream] of own)
      for (const tag of tags)
        if (await tagStream(this.session, stream, tag)) this.applied.tags_added += 1;
  }
}
