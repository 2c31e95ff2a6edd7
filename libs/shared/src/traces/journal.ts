import { appendFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { ensurePrivateFolder } from '../config/paths';
import type { TraceEvent } from './trace-event';

/** Events on their way to the database, on disk: a killed process loses none. */
export interface Journal {
  append(events: TraceEvent[]): void;
  /** What an earlier process left. A line that was cut off by a kill is passed over. */
  read(): TraceEvent[];
  /** All of it is stored. */
  clear(): void;
}

export function openJournal(folder: string, name: string): Journal {
  ensurePrivateFolder(folder);
  const file = path.join(folder, `${name}.ndjson`);
  let begun = existsSync(file);
  return {
    append(events) {
      // A line of its own, even after one that was cut off.
      const lines = events.map((event) => `\n${JSON.stringify(event)}`).join('');
      appendFileSync(file, lines, { mode: 0o600 });
      begun = true;
    },
    read: () => (begun ? readFileSync(file, 'utf8').split('\n').flatMap(parse) : []),
    clear() {
      if (begun) rmSync(file, { force: true });
      begun = false;
    },
  };
}

/** The names of the journals in a folder. */
export function listJournals(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.ndjson'))
    .map((file) => file.slice(0, -'.ndjson'.length));
}

function parse(line: string): TraceEvent[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as TraceEvent];
  } catch {
    return [];
  }
}
