import { createHash, type Hash } from 'node:crypto';

const NEWLINE = 10;
const LANES = 8;

/**
 * A digest of a table's rows in COPY's text form, the same in whatever order they come: SHA-256 of each
 * line, added up in eight lanes of 32 bits. Memory holds no row.
 */
export class RowDigest {
  rows = 0;
  private readonly sums = new Uint32Array(LANES);
  private line: Hash | undefined;

  push(chunk: Buffer): void {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      this.line ??= createHash('sha256');
      if (end === -1) {
        if (start < chunk.length) this.line.update(chunk.subarray(start));
        return;
      }
      // A line feed within a value is written \n: this one ends the row.
      const digest = this.line.update(chunk.subarray(start, end)).digest();
      for (let lane = 0; lane < LANES; lane += 1) this.sums[lane]! += digest.readUInt32BE(lane * 4);
      this.line = undefined;
      this.rows += 1;
      start = end + 1;
      if (start === chunk.length) return;
    }
  }

  /** In hex. */
  digest(): string {
    return [...this.sums].map((sum) => sum.toString(16).padStart(8, '0')).join('');
  }
}
