import type { Knowledge } from '../streams/assign-stream';
import type { KnownSession, Said } from './queries';

export interface Known {
  said: readonly Said[];
  repositories: readonly { machine: string; folder: string; repository: string }[];
}

interface Machine extends Knowledge {
  tops: Map<string, string>;
  placesOfSessions: Map<string, string>;
}

/** What the database knows beside a day's events, machine by machine, as inference takes it. */
export class KnowledgeByMachine {
  private readonly machines = new Map<string, Machine>();
  private readonly types = new Map<string, KnownSession['type']>();

  constructor({ said, repositories }: Known) {
    for (const { machine, folder, repository } of repositories)
      (this.of(machine).repositories as Map<string, string>).set(folder, repository);
    for (const { machine, subject, key, streams } of said) {
      const { saidOfSessions, saidOfPlaces } = this.of(machine);
      const map = subject === 'session' ? saidOfSessions : saidOfPlaces;
      (map as Map<string, ReadonlySet<string>>).set(key, new Set(streams));
    }
  }

  /** Takes up the sessions of one more day. */
  learn(sessions: readonly KnownSession[]): void {
    for (const { machine, session, type, top, place } of sessions) {
      const { tops, placesOfSessions } = this.of(machine);
      tops.set(session, top);
      if (place !== null) placesOfSessions.set(top, place);
      this.types.set(`${machine}:${session}`, type);
    }
  }

  typeOf(machine: string, session: string | null): KnownSession['type'] {
    return session === null ? null : (this.types.get(`${machine}:${session}`) ?? null);
  }

  of(machine: string): Machine {
    const known = this.machines.get(machine) ?? {
      tops: new Map(),
      placesOfSessions: new Map(),
      repositories: new Map(),
      saidOfSessions: new Map(),
      saidOfPlaces: new Map(),
    };
    this.machines.set(machine, known);
    return known;
  }
}
