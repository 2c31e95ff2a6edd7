import { createHash } from 'node:crypto';
import type { Paths } from '../../config/paths';
import type { MachineIdentity } from '../../machines/identity';
import type { PhrasePattern } from '../../phrases/patterns';
import { appendLines } from '../../spool/append';
import type { SpoolPosition } from '../../spool/segments';
import { appendTexts } from '../../texts/outbox';
import { settingInForce } from '../../texts/setting';
import { listTranscripts, type TranscriptFile } from '../list-transcripts';
import { endSessions } from './end-sessions';
import { JournalFile, type Journal } from './journal';
import { scanAll } from './scan-crew';
import type { ScanResult, ScanTask } from './scan-task';
import { SpoolTail } from './spool-tail';
import { addCounts, emptySummary, type CollectSummary } from './summary';

export interface CollectorOptions {
  paths: Paths;
  identity: MachineIdentity;
  /** Folders with transcripts; they are only ever read. */
  roots: () => readonly string[];
  patterns: readonly PhrasePattern[];
  threads?: number;
}

export interface PassOptions {
  /** Only these files; left out: whatever is there. */
  files?: readonly TranscriptFile[];
  onProgress?: (done: { bytes: number; of: number }) => void;
  signal?: AbortSignal;
  /** Now, in milliseconds since 1970. */
  now?: number;
}

/** So much comes into the spool between two commits at most, besides one slice a thread. */
const COMMIT_BYTES = 32 << 20;

/** What slices give shares a write: each has to take the lock. */
const GATHER_BYTES = 2 << 20;

/** Keeps the spool up to date with the transcripts. One process at a time may have one. */
export class Collector {
  private readonly file: JournalFile;
  private readonly journal: Journal;
  private readonly tail: SpoolTail;
  private readonly patterns: string;
  private readonly moved = new Set<string>();
  private spool: SpoolPosition | null;
  private uncommitted = 0;
  private readonly gathered = Buffer.allocUnsafeSlow(GATHER_BYTES);
  private gatheredBytes = 0;

  constructor(private readonly options: CollectorOptions) {
    this.file = new JournalFile(options.paths);
    this.journal = this.file.load(options.identity.machine_id, { repair: true });
    this.spool = this.journal.commit?.spool ?? null;
    this.tail = new SpoolTail(options.paths, this.spool);
    this.patterns = createHash('sha256').update(JSON.stringify(options.patterns)).digest('hex');
  }

  /** Reads what is new. When it returns, all of it is in the spool for good. */
  async pass({
    files,
    onProgress,
    signal,
    now = Date.now(),
  }: PassOptions = {}): Promise<CollectSummary> {
    const started = performance.now();
    const summary = emptySummary();
    const listing = files === undefined ? listTranscripts(this.options.roots()) : undefined;
    const found = files ?? listing!.files;
    summary.files = found.length;
    for (const { path, message } of listing?.problems ?? [])
      summary.problems.push({ file: path, problem: message });
    const tasks = found.flatMap((file) => this.taskFor(file));
    if (listing !== undefined) tasks.push(...this.tasksForPatterns());
    const of = tasks.reduce((sum, { bytes }) => sum + bytes, 0);
    await scanAll(
      tasks,
      {
        ...this.options,
        machineId: this.options.identity.machine_id,
        // Looked up each time: turned off, it is off also for whoever watches.
        textsSince: settingInForce(this.options.paths)?.since,
      },
      (result) => {
        this.settle(result, summary);
        onProgress?.({ bytes: summary.bytes, of });
      },
      signal,
    );
    const ended = endSessions(this.options.identity.machine_id, this.journal.files, now);
    for (const file of ended.files) this.moved.add(file);
    this.append(ended.lines, summary);
    const complete = signal?.aborted !== true;
    this.commit(complete && listing !== undefined);
    summary.interrupted = !complete;
    summary.duration_ms = Math.round(performance.now() - started);
    return summary;
  }

  /** What is known of the files, by path. */
  get files(): ReadonlyMap<string, { offset: number; modifiedMs: number }> {
    return this.journal.files;
  }

  private taskFor({ path, size, modifiedMs }: TranscriptFile): ScanTask[] {
    const before = this.journal.files.get(path);
    if ((before?.size ?? before?.offset) === size && before?.modifiedMs === modifiedMs) return [];
    if (before === undefined && size === 0) return [];
    return [{ file: path, before, bytes: Math.max(0, size - (before?.offset ?? 0)) }];
  }

  /** What was read with other patterns is read once more, for the patterns alone. */
  private tasksForPatterns(): ScanTask[] {
    const { commit, files } = this.journal;
    if (commit === undefined || commit.patterns === this.patterns) return [];
    return [...files]
      .filter(([, { offset }]) => offset > 0)
      .map(([file, { offset }]) => ({
        file,
        before: undefined,
        bytes: offset,
        phrasesUpTo: offset,
      }));
  }

  private settle(result: ScanResult, summary: CollectSummary): void {
    if (result.kind !== 'scanned') {
      if (result.kind === 'vanished') summary.vanished_files += 1;
      else summary.problems.push({ file: result.file, problem: result.message });
      return;
    }
    const { file, lines } = result;
    this.append(lines, summary);
    if (result.texts.length > 0) appendTexts(this.options.paths, result.texts);
    summary.bytes += result.bytes;
    if (result.phrasesUpTo !== undefined) return;
    const known = this.journal.files.get(file);
    const { session } = result.state;
    if (session !== undefined && known?.session?.id === session.id && !result.replaced)
      session.ended = known.session.ended;
    this.journal.files.set(file, result.state);
    this.moved.add(file);
    addCounts(summary, result);
    if (this.uncommitted >= COMMIT_BYTES) this.commit(false);
  }

  private append(lines: Uint8Array, summary: CollectSummary): void {
    const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
    const fresh = this.tail.without(bytes);
    if (fresh.length === 0) return;
    summary.spooled_bytes += fresh.length;
    for (let at = fresh.indexOf(10); at >= 0; at = fresh.indexOf(10, at + 1)) summary.records += 1;
    if (this.gatheredBytes > 0 && this.gatheredBytes + fresh.length > GATHER_BYTES) this.write();
    if (fresh.length > GATHER_BYTES) return this.put(fresh);
    this.gathered.set(fresh, this.gatheredBytes); // the next slice is written over the other
    this.gatheredBytes += fresh.length;
  }

  /** What was gathered goes into the spool; `lazy`: it may yet be lost with the power. */
  private write(lazy = true): void {
    this.put(this.gathered.subarray(0, this.gatheredBytes), lazy);
    this.gatheredBytes = 0;
  }

  private put(lines: Uint8Array, lazy = true): void {
    this.spool = appendLines(this.options.paths, lines, { lazy });
    this.uncommitted += lines.length;
  }

  /** `whole`: every file has now been read with these patterns. */
  private commit(whole: boolean): void {
    const before = this.journal.commit;
    const patterns = whole || before === undefined ? this.patterns : before.patterns;
    const news = this.uncommitted + this.gatheredBytes;
    if (this.moved.size === 0 && before?.patterns === patterns && news === 0) return;
    if (news > 0) this.write(false); // which makes all that came before it safe too
    this.journal.commit = {
      machineId: this.options.identity.machine_id,
      patterns,
      spool: this.spool,
    };
    this.file.commit(this.journal, this.moved, this.journal.commit);
    this.moved.clear();
    this.uncommitted = 0;
  }
}
