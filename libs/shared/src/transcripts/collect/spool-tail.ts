import { createHash } from 'node:crypto';
import type { Paths } from '../../config/paths';
import { readLines, stretchesAfter } from '../../spool/read';
import type { SpoolPosition } from '../../spool/segments';

const LINE_FEED = 10;

/**
 * The lines that came into the spool behind the last commit: a crash may have happened between the two.
 * The same lines, made once more from the transcripts, are left out.
 */
export class SpoolTail {
  private readonly known = new Set<string>();

  constructor(paths: Paths, after: SpoolPosition | null | undefined) {
    for (const line of readLines(stretchesAfter(paths, after ?? undefined)))
      this.known.add(digest(line));
  }

  /** Whole lines without those that are there already. */
  without(lines: Buffer): Buffer {
    if (this.known.size === 0) return lines;
    const kept: Buffer[] = [];
    let from = 0;
    for (let end = lines.indexOf(LINE_FEED); end >= 0; end = lines.indexOf(LINE_FEED, from)) {
      if (!this.known.has(digest(lines.subarray(from, end))))
        kept.push(lines.subarray(from, end + 1));
      from = end + 1;
    }
    return Buffer.concat(kept);
  }
}

function digest(line: Buffer): string {
  return createHash('md5').update(line).digest('base64');
}
