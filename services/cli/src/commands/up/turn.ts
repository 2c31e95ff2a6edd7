import { ensurePrivateFolder, type Paths } from '@coffee-roadmap/shared/config/paths';
import { readPrivateJson, writePrivateJson } from '@coffee-roadmap/shared/config/private-file';
import { isAlive, processIdentity } from '@coffee-roadmap/shared/postgres/processes';
import { withStartLock } from '@coffee-roadmap/shared/postgres/start-lock';
import { rmSync } from 'node:fs';
import path from 'node:path';

interface Note {
  pid: number;
  identity: string;
}

/** There is one `up` at a time on a machine: this one, or another. */
export type Turn =
  | {
      kind: 'mine';
      /** The last one was killed: what it started still runs. */
      afterKill: boolean;
      end(): void;
    }
  | { kind: 'taken'; pid: number };

/** Throws `not_allowed` where nothing can be written down. */
export function takeTurn(paths: Paths): Promise<Turn> {
  ensurePrivateFolder(paths.state);
  const file = path.join(paths.state, 'up.json');
  return withStartLock(path.join(paths.state, 'up.lock'), async () => {
    const note = readPrivateJson<Note>(file);
    if (note !== undefined && isAlive(note.pid) && processIdentity(note.pid) === note.identity) {
      return { kind: 'taken', pid: note.pid };
    }
    const mine: Note = { pid: process.pid, identity: processIdentity(process.pid) };
    writePrivateJson(file, mine);
    return {
      kind: 'mine',
      afterKill: note !== undefined,
      end: () => rmSync(file, { force: true }),
    };
  });
}
