import type { Place } from './place';
import { openPlainStation } from './plain-station';
import { openPostgresStation } from './postgres-station';
import { openSqliteStation } from './sqlite-station';

export interface Question {
  id: number;
  title: string;
}

export interface Answer {
  id: number;
  answer: string;
}

/** What is kept after a run, as one side sees it. */
export interface Kept {
  /** Ids of the traces, and whether each is seen as finished. */
  traces: Map<string, boolean>;
  /** Ids of what the daemon's own log says was finished; undefined where this side sees no such log. */
  logged: Set<string> | undefined;
  answers: Map<number, string>;
  /** How many calls of a model are there whose trace is not, or the other way round. */
  torn: number;
}

/** One process's way to the data; the same verbs in each option. Each write is durable when it resolves. */
export interface Station {
  /** A trace and its first call of a model, in one transaction. */
  begin(id: string): Promise<void>;
  /** The trace's end, a second call, and a line in the daemon's own log; in one transaction where it can be. */
  finish(id: string): Promise<void>;
  ask(title: string): Promise<number>;
  /** The first answer counts; false for a later one. */
  answer(id: number, answer: string): Promise<boolean>;
  openQuestions(): Promise<Question[]>;
  answersTo(ids: number[]): Promise<Answer[]>;
  /** What a page of the dashboard asks: cost by model, the newest notifications. Returns rows seen. */
  look(): Promise<number>;
  /** Calls back when something about questions may have changed. */
  watch(changed: () => void): Promise<void>;
  kept(): Promise<Kept>;
  close(): Promise<void>;
}

export function openStation(place: Place): Promise<Station> {
  switch (place.kind) {
    case 'sqlite':
      return openSqliteStation(place);
    case 'postgres':
      return openPostgresStation(place);
    case 'plain':
      return openPlainStation(place);
  }
}
