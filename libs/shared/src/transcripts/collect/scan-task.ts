import { messageOf } from '../../errors';
import type { PhrasePattern } from '../../phrases/patterns';
import { LineRecords, noCounts, type LineCounts } from '../scan/line-records';
import { scanTranscript } from '../scan/scan-transcript';
import type { TranscriptState } from '../scan/transcript-state';

/** A slice of a transcript is read at a time, so that no file holds up a commit. */
const SLICE = 4 << 20;

export interface ScanTask {
  file: string;
  before: TranscriptState | undefined;
  /** About how many are to be read. */
  bytes: number;
  /** Only what the patterns find, up to this offset. */
  phrasesUpTo?: number;
}

export type ScanResult =
  | {
      kind: 'scanned';
      file: string;
      state: TranscriptState;
      bytes: number;
      more: boolean;
      replaced: boolean;
      tooLong: number[];
      shortened: number[];
      counts: LineCounts;
      /** Whole records. */
      lines: Uint8Array;
      /** Whole records of texts, where they are wanted. */
      texts: Uint8Array;
      phrasesUpTo: number | undefined;
    }
  | { kind: 'vanished' | 'unreadable'; file: string; message: string };

export function createScanner(options: {
  machineId: string;
  patterns: readonly PhrasePattern[];
  textsSince?: string | undefined;
}): (task: ScanTask) => ScanResult {
  const all = new LineRecords(options);
  let phrases: LineRecords | undefined; // seldom asked for
  return ({ file, before, phrasesUpTo }) => {
    const records =
      phrasesUpTo === undefined
        ? all
        : (phrases ??= new LineRecords({ ...options, phrasesOnly: true }));
    records.counts = noCounts();
    records.out.length = records.texts.length = 0;
    try {
      const slice = scanTranscript(file, before, records, SLICE, phrasesUpTo);
      const lines = records.out.bytes.subarray(0, records.out.length);
      const texts = Uint8Array.from(records.texts.bytes.subarray(0, records.texts.length));
      return { kind: 'scanned', file, ...slice, counts: records.counts, lines, texts, phrasesUpTo };
    } catch (error) {
      const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
      return { kind: gone ? 'vanished' : 'unreadable', file, message: messageOf(error) };
    }
  };
}

/** A result to another thread, without another copy there: the next task writes over the lines as they are. */
export function giveAway<T extends { lines: Uint8Array }>(
  result: T,
): { message: T; transfer: ArrayBuffer[] } {
  // Not slice(): of a Buffer that is a view of the same memory, which would be gone from here.
  const lines = new Uint8Array(result.lines);
  return { message: { ...result, lines }, transfer: [lines.buffer] };
}
