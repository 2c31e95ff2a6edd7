import { AppError } from '@coffee-roadmap/shared/errors';
import { connectTo } from '@coffee-roadmap/shared/sandbox/container/connection';
import { readFrames, writeMessage } from '@coffee-roadmap/shared/sandbox/container/frames';

const PATIENCE_MS = 3_000;

/** Whether the server takes orders; throws when it does not. */
export async function checkHealth(socketPath: string): Promise<void> {
  const socket = await connectTo(socketPath);
  await new Promise<void>((resolve, reject) => {
    const late = (): void => reject(new AppError('not_reachable', 'the server does not answer'));
    setTimeout(late, PATIENCE_MS).unref();
    socket.once('close', late);
    readFrames(socket, { message: ({ op }) => op === 'pong' && resolve() });
    writeMessage(socket, { op: 'ping' });
  });
  socket.destroy();
}
