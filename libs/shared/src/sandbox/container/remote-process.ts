import { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import { Readable, Writable } from 'node:stream';
import type { SandboxProcess } from '../sandbox';
import { FRAME, readFrames, writeFrame, writeMessage } from './frames';
import type { ProcessNews, Spawn } from './protocol';

/**
 * A process in the container, over a connection of its own: whoever reads slowly slows down this
 * process and no other. A connection that breaks is a process that was killed.
 */
export class RemoteProcess extends EventEmitter implements SandboxProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  exitCode: number | null = null;
  signalCode: NodeJS.Signals | null = null;
  /** Resolves when it has started, or will never; signals before that would reach nobody. */
  readonly started: Promise<void>;
  private ended = false;
  private setStarted: () => void = () => undefined;

  constructor(
    readonly name: string,
    socket: Socket,
    order: Omit<Spawn, 'op' | 'process'>,
    /** Called when the connection broke; it counts as killed when this resolves. */
    lost: () => Promise<void>,
  ) {
    super();
    this.started = new Promise((resolve) => (this.setStarted = resolve));
    const resume = (): void => void socket.resume();
    this.stdout = new Readable({ read: resume });
    this.stderr = new Readable({ read: resume });
    for (const stream of [this.stdout, this.stderr]) stream.once('close', resume);
    this.stdin = new Writable({
      write: (chunk: Buffer, _, done) => void writeFrame(socket, FRAME.stdin, chunk, done),
      final: (done) => void writeFrame(socket, FRAME.stdin, Buffer.alloc(0), done),
    });
    // A program that ends without reading its input is no error of ours.
    this.stdin.on('error', () => undefined);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (!this.ended) void lost().then(() => this.close(null, 'SIGKILL'));
    });
    readFrames(socket, {
      message: (message) => this.take(message as unknown as ProcessNews),
      data: (kind, body) => {
        const stream = kind === FRAME.stdout ? this.stdout : this.stderr;
        // Destroyed, it takes nothing and would never ask for more: the news behind it still count.
        if (!stream.destroyed && !stream.push(body)) socket.pause();
      },
    });
    writeMessage(socket, { op: 'spawn', process: name, ...order } satisfies Spawn);
  }

  private take(news: ProcessNews): void {
    if (news.op === 'started') this.setStarted();
    if (news.op === 'failed') this.fail(new Error(news.message));
    if (news.op === 'exit') this.exit(news.code, news.signal);
    if (news.op === 'closed') this.close(news.code, news.signal);
  }

  private fail(error: Error): void {
    this.ended = true;
    this.setStarted();
    this.emit('error', error);
    this.stdout.push(null);
    this.stderr.push(null);
  }

  private exit(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.exitCode !== null || this.signalCode !== null) return;
    this.exitCode = code;
    this.signalCode = signal;
    this.emit('exit', code, signal);
  }

  private close(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.ended) return;
    this.ended = true;
    this.setStarted();
    this.exit(code, signal);
    let open = 2;
    const closed = (): void => {
      open -= 1;
      if (open === 0) this.emit('close', this.exitCode, this.signalCode);
    };
    for (const stream of [this.stdout, this.stderr]) {
      // Not `end`, which a stream that was destroyed never comes to.
      if (stream.closed) closed();
      else stream.once('close', closed);
      stream.push(null);
      // What nobody reads is not waited for, as with every child process.
      if (stream.readableFlowing === null) stream.resume();
    }
    this.stdin.destroy();
  }
}
