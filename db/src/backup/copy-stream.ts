import { Readable, Writable } from 'node:stream';
import type { Connection, Submittable } from 'pg';

/** What pg's own types leave out. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

type Done = (error?: Error | null) => void;

/** Rows come one message each: handed on one by one they would cost more than their bytes. */
const BATCH_BYTES = 65_536;

/** `copy … to stdout` as a stream; the server waits while nobody reads. */
export class CopyOut extends Readable implements Submittable {
  private connection: Connection | undefined;
  private batch = Buffer.allocUnsafe(BATCH_BYTES);
  private used = 0;

  constructor(private readonly text: string) {
    super();
  }

  submit(connection: Connection): void {
    this.connection = connection;
    connection.query(this.text);
  }

  override _read(): void {
    this.connection?.stream.resume();
  }

  override _destroy(error: Error | null, done: Done): void {
    this.connection?.stream.resume(); // what is still on its way has to pass
    done(error);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    if (this.used + chunk.length > BATCH_BYTES) this.flush();
    // Always copied: the connection writes what comes next over it.
    if (chunk.length > BATCH_BYTES) return this.hand(Buffer.from(chunk));
    this.used += chunk.copy(this.batch, this.used);
  }

  handleCommandComplete(): void {
    this.flush();
    this.push(null);
  }

  handleReadyForQuery(): void {}

  handleError(error: Error): void {
    this.destroy(error);
  }

  private flush(): void {
    if (this.used === 0) return;
    this.hand(this.batch.subarray(0, this.used));
    this.batch = Buffer.allocUnsafe(BATCH_BYTES);
    this.used = 0;
  }

  private hand(bytes: Buffer): void {
    if (!this.destroyed && !this.push(bytes)) this.connection?.stream.pause();
  }
}

/** `copy … from stdin` as a stream; ends once the server has taken all of it. */
export class CopyIn extends Writable implements Submittable {
  private connection: CopyConnection | undefined;
  private open = false;
  /** What waits for the server to be ready to take rows, or to say that it has them. */
  private next: (() => void) | undefined;

  constructor(private readonly text: string) {
    super();
  }

  submit(connection: Connection): void {
    this.connection = connection as CopyConnection;
    connection.query(this.text);
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    this.whenOpen((connection) => {
      connection.sendCopyFromChunk(chunk);
      const { stream } = connection;
      if (stream.writableNeedDrain) stream.once('drain', () => done());
      else done();
    });
  }

  override _final(done: Done): void {
    this.whenOpen((connection) => {
      this.open = false;
      this.next = done;
      connection.endCopyFrom();
    });
  }

  override _destroy(error: Error | null, done: Done): void {
    if (this.open) this.connection!.sendCopyFail('given up');
    this.open = false;
    done(error);
  }

  handleCopyInResponse(): void {
    if (this.destroyed) return this.connection!.sendCopyFail('given up');
    this.open = true;
    this.proceed();
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.proceed();
  }

  handleError(error: Error): void {
    this.open = false; // the server takes no more of it
    this.destroy(error);
  }

  private whenOpen(work: (connection: CopyConnection) => void): void {
    if (this.open) work(this.connection!);
    else this.next = () => work(this.connection!);
  }

  private proceed(): void {
    const { next } = this;
    this.next = undefined;
    next?.();
  }
}
