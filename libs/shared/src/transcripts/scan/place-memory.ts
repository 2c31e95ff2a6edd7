import { F, type FieldName, type LineFields } from './line-fields';
import { RecordBytes } from './record-bytes';

/** What a place consists of; all the other fields change from line to line. */
const OF_A_PLACE: readonly FieldName[] = [F.cwd, F.session, F.version, F.branch, F.agent];
const MOST = 1024;

/**
 * The stretch of keys that stands the same in line after line of a file: folder, session, version, branch.
 * Where its bytes are those of the line before, what they say is known without reading them.
 */
export class PlaceMemory {
  /** Counts the places that were kept: one number, the same bytes. */
  number = 0;
  /** What records say of the place of number `toldOf`. */
  readonly told = new RecordBytes(512);
  toldOf = 0;
  private readonly kept = new DataView(new ArrayBuffer(MOST));
  private length = 0;
  private isSidechain = false;
  /** By OF_A_PLACE: from the beginning of the stretch; 0: not in it. */
  private readonly at = new Int32Array(OF_A_PLACE.length);
  private readonly to = new Int32Array(OF_A_PLACE.length);
  private of: Buffer | undefined;
  private view: DataView = this.kept;

  /** Where the stretch at `from` ends, with its fields in `f`; -1 where another one stands there. */
  recognise(b: Buffer, from: number, end: number, f: LineFields): number {
    const { length, kept } = this;
    if (length === 0 || end - from < length) return -1;
    if (this.of !== b) {
      this.of = b;
      this.view = new DataView(b.buffer, b.byteOffset, b.length);
    }
    const { view } = this;
    let i = 0;
    for (; i + 4 <= length; i += 4) if (view.getInt32(from + i) !== kept.getInt32(i)) return -1;
    for (; i < length; i += 1) if (view.getUint8(from + i) !== kept.getUint8(i)) return -1;
    for (let n = 0; n < OF_A_PLACE.length; n += 1) {
      if (this.at[n] === 0) continue;
      f.at[OF_A_PLACE[n]!] = from + this.at[n]!;
      f.to[OF_A_PLACE[n]!] = from + this.to[n]!;
    }
    f.isSidechain = this.isSidechain;
    f.placeAt = from;
    return from + length;
  }

  /** Lets go of the buffer that was read last. */
  release(): void {
    this.of = undefined;
    this.view = this.kept;
  }

  /** What `f` says was read from this stretch alone. */
  keep(b: Buffer, from: number, to: number, f: LineFields): void {
    const length = to - from;
    if (length > MOST || f.isOdd || OF_A_PLACE.some((field) => f.at[field]! < 0)) return;
    for (let i = 0; i < length; i += 1) this.kept.setUint8(i, b[from + i]!);
    this.length = length;
    for (let n = 0; n < OF_A_PLACE.length; n += 1) {
      const at = f.at[OF_A_PLACE[n]!]!;
      this.at[n] = at > 0 ? at - from : 0;
      this.to[n] = at > 0 ? f.to[OF_A_PLACE[n]!]! - from : 0;
    }
    this.isSidechain = f.isSidechain;
    this.number += 1;
    f.placeAt = from;
  }

  /** Whether the field was read from the stretch. */
  holds(f: LineFields, field: FieldName): boolean {
    const at = f.at[field]!;
    return f.placeAt > 0 && at > f.placeAt && at < f.placeAt + this.length;
  }
}
