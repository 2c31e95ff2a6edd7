import { connect, type Socket } from 'node:net';
import { AppError } from '../../errors';
import { readFrames, writeMessage } from './frames';
import type { Answer, Call, Opened } from './protocol';

/** The daemon's lasting connection to the container; ends with it, and all its processes too. */
export interface Connection {
  readonly root: string;
  readonly token: string;
  /** Resolves when it is gone. */
  readonly gone: Promise<void>;
  call(method: Call['method'], ...args: unknown[]): Promise<unknown>;
  send(message: object): void;
  close(): void;
}

/** Throws `not_reachable` where nobody answers. */
export async function openConnection(socketPath: string, name: string): Promise<Connection> {
  const socket = await connectTo(socketPath);
  const waiting = new Map<number, (answer: Answer) => void>();
  let calls = 0;
  let setOpened: (opened: Opened) => void;
  const opened = new Promise<Opened>((resolve) => (setOpened = resolve));
  let refusal: string | undefined;
  const gone = new Promise<void>((resolve) => {
    socket.once('close', () => {
      resolve();
      // First those who follow the connection: they know what its loss means.
      setImmediate(() => {
        for (const answer of waiting.values()) answer({ op: 'answer', id: 0, error: AWAY });
      });
    });
  });
  readFrames(socket, {
    message(message) {
      if (message.op === 'opened') setOpened(message as unknown as Opened);
      if (message.op === 'refused') refusal = String(message.reason);
      if (message.op !== 'answer') return;
      const answer = message as unknown as Answer;
      waiting.get(answer.id)?.(answer);
      waiting.delete(answer.id);
    },
  });
  writeMessage(socket, { op: 'open', name });
  const first = await Promise.race([opened, gone]);
  if (first === undefined) throw away(refusal);
  return {
    root: first.root,
    token: first.token,
    gone,
    send: (message) => void (socket.destroyed || writeMessage(socket, message)),
    close: () => void socket.destroy(),
    async call(method, ...args) {
      if (socket.destroyed) throw away();
      const id = (calls += 1);
      const answer = await new Promise<Answer>((resolve) => {
        waiting.set(id, resolve);
        writeMessage(socket, { op: 'call', id, method, args } satisfies Call);
      });
      if (answer.error === AWAY) throw away();
      if (answer.error !== undefined) throw new AppError('failed', answer.error);
      return answer.result;
    },
  };
}

const AWAY = 'the agent’s container is away';

function away(reason = AWAY): AppError {
  return new AppError('not_reachable', reason, {
    hint: 'docker compose ps shows how it is; docker compose up --wait brings it back.',
  });
}

export function connectTo(socketPath: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.off('error', refuse);
      socket.on('error', () => undefined); // said by `close`
      resolve(socket);
    });
    const refuse = (error: Error): void => reject(away(`${AWAY}: ${error.message}`));
    socket.once('error', refuse);
  });
}
