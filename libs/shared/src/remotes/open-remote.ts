import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { constants, createGunzip } from 'node:zlib';
import type { AppError } from '../errors';
import { parseHello, PROTOCOL, type Hello, type PullRequest } from '../records/handshake';
import { RECORD_VERSION } from '../records/record';
import { remoteFailure, type RemoteEnd } from './remote-failure';
import { EXPORT_SCRIPT } from './remote-script';
import { startSsh, type SshSettings } from './ssh-program';
import {
  STREAM_LIMITS,
  watchStream,
  type StreamLimits,
  type WatchedStream,
} from './watched-stream';

export interface OpenRemote {
  hello: Hello;
  /** Asks for what stands behind `after`; once. */
  pull(after: string | undefined): WatchedStream;
  /** Waits for the remote's end; why it was none that one could wish for. */
  failure(end: ReturnType<WatchedStream['ended']>): Promise<AppError | undefined>;
  close(): void;
}

export interface OpenOptions extends SshSettings {
  signal?: AbortSignal | undefined;
  limits?: StreamLimits;
  /** Until it says who it is; logging in is part of it. */
  helloMs?: number;
}

/** What the shell's own greetings may take before the hello. */
const MOST_GREETING = 65_536;
const MOST_STDERR = 16_384;
const GRACE_MS = 5_000;

/** Connects, and hears who is there. Throws what remoteFailure says. */
export async function openRemote(name: string, options: OpenOptions): Promise<OpenRemote> {
  const { signal, limits = STREAM_LIMITS, helloMs = options.mayAsk ? 600_000 : 60_000 } = options;
  const child = startSsh(name, EXPORT_SCRIPT, options);
  const close = (): void => void child.kill('SIGTERM');
  signal?.addEventListener('abort', close);
  const end = followEnd(child);
  void end.then(() => signal?.removeEventListener('abort', close));
  const patience = setTimeout(close, helloMs);
  let first: { hello: Hello; rest: Buffer } | undefined;
  try {
    first = await readHello(child.stdout);
  } finally {
    clearTimeout(patience);
  }
  if (first === undefined) {
    // Its own exit code says more than that we hung up; who just goes on talking is not waited for.
    const grace = setTimeout(close, child.stdout.readableEnded ? GRACE_MS : 0);
    const how = { ...(await end), greeted: false };
    clearTimeout(grace);
    throw remoteFailure(name, how, 'no_hello');
  }
  const { hello, rest } = first;
  if (hello.protocol > PROTOCOL || hello.v > RECORD_VERSION) {
    close();
    throw remoteFailure(name, { ...(await end), greeted: true }, 'newer', hello);
  }
  return {
    hello,
    pull(after) {
      const request: PullRequest = { type: 'pull', after: after ?? null, encoding: 'gzip' };
      child.stdin.write(`${JSON.stringify(request)}\n`);
      // Cut short it gives all that came whole.
      const unpacked = createGunzip({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 1 << 18 });
      child.stdout.once('error', (error) => unpacked.destroy(error));
      unpacked.write(rest);
      child.stdout.pipe(unpacked);
      return watchStream(unpacked, limits);
    },
    async failure(stream) {
      if (stream !== undefined) close();
      return remoteFailure(name, { ...(await end), greeted: true }, stream);
    },
    close,
  };
}

async function followEnd(
  child: ChildProcessWithoutNullStreams,
): Promise<Omit<RemoteEnd, 'greeted'>> {
  let stderr = '';
  let missing: NodeJS.ErrnoException | undefined;
  child.stdin.on('error', () => undefined); // it went away: its end says why
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-MOST_STDERR);
  });
  child.once('error', (error) => (missing = error));
  const [code] = (await once(child, 'close').catch(() => [null])) as [number | null];
  return { code, stderr, missing };
}

/** Passes over what the shell there says first. Undefined: the end came, or too much. */
async function readHello(
  stdout: NodeJS.ReadableStream,
): Promise<{ hello: Hello; rest: Buffer } | undefined> {
  let held = Buffer.alloc(0);
  for (;;) {
    for (let at = held.indexOf(10); at >= 0; at = held.indexOf(10)) {
      const hello = parseHello(held.toString('utf8', 0, at));
      const rest = held.subarray(at + 1);
      if (hello !== undefined) return { hello, rest };
      held = rest;
    }
    if (held.length > MOST_GREETING) return undefined;
    const chunk = await nextChunk(stdout);
    if (chunk === undefined) return undefined;
    held = Buffer.concat([held, chunk]);
  }
}

/** Not by iterating: that would end the stream with the loop. */
async function nextChunk(stdout: NodeJS.ReadableStream): Promise<Buffer | undefined> {
  for (;;) {
    const chunk = stdout.read() as Buffer | null;
    if (chunk !== null) return chunk;
    if ((stdout as { readableEnded?: boolean; destroyed?: boolean }).readableEnded === true)
      return undefined;
    const more = await new Promise<boolean>((resolve) => {
      const settle = (value: boolean) => () => {
        for (const name of ['readable', 'end', 'close'] as const)
          stdout.off(name, name === 'readable' ? yes : no);
        resolve(value);
      };
      const yes = settle(true);
      const no = settle(false);
      stdout.once('readable', yes).once('end', no).once('close', no);
    });
    if (!more) return undefined;
  }
}
