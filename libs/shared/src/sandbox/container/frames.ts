/** What goes over the socket: one byte of kind, four of length, then that many bytes. */
import type { Socket } from 'node:net';
import { AppError } from '../../errors';

export const FRAME = { message: 0, stdin: 1, stdout: 2, stderr: 3 } as const;

export type FrameKind = (typeof FRAME)[keyof typeof FRAME];

const HEADER = 5;
/** A prompt, an environment and a list of files fit; a peer that claims more is broken or hostile. */
const MOST = 8 * 1024 * 1024;
/** Larger pieces of a stream are cut, so that nobody waits long behind one. */
const PIECE = 256 * 1024;

/** False: the socket's buffer is full, wait for `drain`. */
export function writeFrame(
  socket: Socket,
  kind: FrameKind,
  body: Buffer,
  done?: (error?: Error | null) => void,
): boolean {
  let going = true;
  for (let start = 0; start === 0 || start < body.length; start += PIECE) {
    const piece = kind === FRAME.message ? body : body.subarray(start, start + PIECE);
    const header = Buffer.alloc(HEADER);
    header.writeUInt8(kind, 0);
    header.writeUInt32BE(piece.length, 1);
    const last = kind === FRAME.message || start + PIECE >= body.length;
    going = socket.write(Buffer.concat([header, piece]), last ? done : undefined);
    if (last) break;
  }
  return going;
}

export function writeMessage(socket: Socket, message: object): void {
  writeFrame(socket, FRAME.message, Buffer.from(JSON.stringify(message)));
}

export interface FrameReceiver {
  message(message: Record<string, unknown>): void;
  data?(kind: FrameKind, body: Buffer): void;
}

/** Reads frames until the socket ends; a frame that is none destroys it. */
export function readFrames(socket: Socket, receive: FrameReceiver): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    try {
      while (rest.length >= HEADER) {
        const length = rest.readUInt32BE(1);
        if (length > MOST) throw new AppError('failed', 'a frame is too long');
        if (rest.length < HEADER + length) return;
        const kind = rest.readUInt8(0);
        const body = rest.subarray(HEADER, HEADER + length);
        rest = rest.subarray(HEADER + length);
        if (kind === FRAME.message) receive.message(parse(body));
        else if (kind <= FRAME.stderr) receive.data?.(kind as FrameKind, body);
        else throw new AppError('failed', 'a frame is of no known kind');
      }
    } catch (error) {
      socket.destroy(error as Error);
    }
  });
}

function parse(body: Buffer): Record<string, unknown> {
  const message: unknown = JSON.parse(body.toString('utf8'));
  if (typeof message === 'object' && message !== null) return message as Record<string, unknown>;
  throw new AppError('failed', 'a message is no object');
}
