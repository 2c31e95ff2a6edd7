import {
  closeSync,
  fsyncSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import { ensurePrivateFolder, type Paths } from '../../config/paths';
import { syncFolder, type SpoolPosition } from '../../spool/segments';
import type { TranscriptState } from '../scan/transcript-state';

/** What every commit says besides the files that moved. */
export interface Commit {
  machineId: string;
  /** Of the patterns that all files were read with. */
  patterns: string;
  /** The spool's end, up to which it holds what the files' offsets say. */
  spool: SpoolPosition | null;
}

/** How far every transcript has been read, by path. */
export interface Journal {
  files: Map<string, TranscriptState>;
  commit: Commit | undefined;
}

interface FileLine {
  file: string;
  state: TranscriptState;
}

/** So many lines, and a quarter more than there are files, are worth a new file: each start reads them all. */
const MANY = 200;

export const collectorFolder = ({ state }: Paths): string => path.join(state, 'collector');

/**
 * An append-only file of which only what stands before the last commit counts, so that a crash at any
 * byte leaves the offsets of before it.
 */
export class JournalFile {
  private readonly file: string;
  private lines = 0;

  constructor(private readonly paths: Paths) {
    this.file = path.join(collectorFolder(paths), 'offsets.jsonl');
  }

  /**
   * What is committed. What another machine's id wrote does not count. `repair`: what was never
   * committed is cut off; for the one process that collects.
   */
  load(machineId: string, { repair }: { repair: boolean }): Journal {
    const journal: Journal = { files: new Map(), commit: undefined };
    const text = this.read();
    const { values, rest } = parseLines(text);
    let waiting: FileLine[] = [];
    let committed = 0; // lines
    for (const [i, value] of values.entries()) {
      if ('file' in value) waiting.push(value);
      else {
        for (const { file, state } of waiting) journal.files.set(file, state);
        waiting = [];
        journal.commit = value;
        committed = i + 1;
      }
    }
    if (repair && (committed < values.length || rest))
      truncateSync(this.file, Buffer.byteLength(firstLines(text, committed)));
    this.lines = committed;
    if (journal.commit === undefined || journal.commit.machineId === machineId) return journal;
    return { files: new Map(), commit: undefined };
  }

  /** All of it or nothing, on the disk when it returns. */
  commit(journal: Journal, moved: Iterable<string>, commit: Commit): void {
    const files = [...moved];
    this.lines += files.length + 1;
    if (this.lines > Math.max(MANY, 1.25 * journal.files.size))
      return this.rewrite(journal, commit);
    this.write(this.file, 'a', text(journal, files, commit));
  }

  private rewrite(journal: Journal, commit: Commit): void {
    const part = `${this.file}.part`;
    this.write(part, 'w', text(journal, journal.files.keys(), commit));
    renameSync(part, this.file);
    syncFolder(path.dirname(this.file));
    this.lines = journal.files.size + 1;
  }

  private write(file: string, flag: 'a' | 'w', content: string): void {
    ensurePrivateFolder(collectorFolder(this.paths));
    const handle = openSync(file, flag, 0o600);
    try {
      const bytes = Buffer.from(content);
      for (let done = 0; done < bytes.length;) done += writeSync(handle, bytes, done);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
  }

  private read(): string {
    try {
      return readFileSync(this.file, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  }
}

function text(journal: Journal, files: Iterable<string>, commit: Commit): string {
  const lines: string[] = [];
  for (const file of files) {
    const state = journal.files.get(file);
    if (state !== undefined) lines.push(JSON.stringify({ file, state }));
  }
  return `${lines.join('\n')}${lines.length > 0 ? '\n' : ''}${JSON.stringify(commit)}\n`;
}

/**
 * What the lines say, up to the first that is torn; `rest`: there is one. All at once where there is none,
 * for one after the other takes far longer.
 */
function parseLines(text: string): { values: (FileLine | Commit)[]; rest: boolean } {
  if (text.endsWith('\n')) {
    const together = parse(`[${text.slice(0, -1).replaceAll('\n', ',')}]`);
    if (together !== undefined) return { values: together as (FileLine | Commit)[], rest: false };
  }
  const values: (FileLine | Commit)[] = [];
  for (const line of text.split('\n').slice(0, -1)) {
    const value = parse(line);
    if (value === undefined) break;
    values.push(value as FileLine | Commit);
  }
  return { values, rest: text !== '' };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const firstLines = (text: string, count: number): string =>
  text
    .split('\n')
    .slice(0, count)
    .map((line) => `${line}\n`)
    .join('');
