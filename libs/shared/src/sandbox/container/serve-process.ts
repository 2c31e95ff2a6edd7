import type { Socket } from 'node:net';
import { FRAME, writeFrame, writeMessage, type FrameKind, type FrameReceiver } from './frames';
import type { ProcessNews, Spawn } from './protocol';
import type { OpenedSession } from './serve';

/** Runs one process of a session over the connection that asked for it. Returns who takes its input. */
export function serveProcess(
  socket: Socket,
  order: Spawn,
  session: OpenedSession | undefined,
  env: Record<string, string>,
): FrameReceiver['data'] {
  const say = (news: ProcessNews): void => void (socket.writable && writeMessage(socket, news));
  if (session === undefined) {
    say({ op: 'failed', message: 'the session is over' });
    socket.end();
    return undefined;
  }
  const { sandbox, processes } = session;
  const { command, args, cwd } = order;
  const child = sandbox.spawn({ command, args, cwd, env: { ...order.env, ...env } });
  processes.set(order.process, child);

  const pass = (kind: FrameKind, chunk: Buffer): void => {
    if (socket.writable && writeFrame(socket, kind, chunk)) return;
    child.stdout.pause();
    child.stderr.pause();
  };
  child.stdout.on('data', (chunk: Buffer) => pass(FRAME.stdout, chunk));
  child.stderr.on('data', (chunk: Buffer) => pass(FRAME.stderr, chunk));
  const flow = (): void => {
    child.stdout.resume();
    child.stderr.resume();
  };
  socket.on('drain', flow);
  child.stdin.on('drain', () => socket.resume());
  child.stdin.on('close', () => socket.resume());

  // `pid` tells at once whether it started; `error` comes later.
  if (child.pid !== undefined) say({ op: 'started' });
  child.on('error', (error) => {
    processes.delete(order.process);
    say({ op: 'failed', message: error.message });
    socket.end();
  });
  child.on('exit', (code, signal) => say({ op: 'exit', code, signal }));
  child.on('close', (code, signal) => {
    processes.delete(order.process);
    say({ op: 'closed', code, signal });
    socket.end();
  });
  socket.on('close', () => {
    flow(); // what is left in its pipes would keep it from ending
    void sandbox.end(child, 0).catch(() => undefined);
  });

  return (kind, body) => {
    if (kind !== FRAME.stdin || child.stdin.writableEnded) return;
    if (body.length === 0) child.stdin.end();
    else if (!child.stdin.write(body) && !child.stdin.destroyed) socket.pause();
  };
}
