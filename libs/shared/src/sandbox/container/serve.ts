/** The container's side: does for a daemon in it what the daemon would do on its own machine. */
import { randomUUID } from 'node:crypto';
import { chmodSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { messageOf } from '../../errors';
import { openSandbox } from '../open-sandbox';
import type { Sandbox, SandboxProcess } from '../sandbox';
import { readFrames, writeMessage, type FrameReceiver } from './frames';
import type { Call, Open, Signal, Spawn } from './protocol';
import { serveProcess } from './serve-process';

export interface ServeOptions {
  socket: string;
  /** Each daemon gets a folder in it. */
  root: string;
  /** Given to every process, over what the daemon says. */
  env: Record<string, string>;
}

export interface OpenedSession {
  sandbox: Sandbox;
  processes: Map<string, SandboxProcess>;
}

/** Serves until the server is closed. */
export async function serveSandbox(options: ServeOptions): Promise<Server> {
  const sessions = new Map<string, OpenedSession>();
  /** By daemon: settled when what an earlier connection ran has ended. */
  const turns = new Map<string, Promise<void>>();

  async function open(socket: Socket, { name }: Open): Promise<OpenedSession | undefined> {
    if (!/^[0-9a-z-]{1,64}$/.test(name)) return refuse(socket, 'a daemon is named by its id');
    const before = turns.get(name) ?? Promise.resolve();
    let endTurn: () => void = () => undefined;
    turns.set(
      name,
      before.then(() => new Promise<void>((resolve) => (endTurn = resolve))),
    );
    await before;
    const root = path.join(options.root, name);
    const sandbox = await openSandbox({ root, hide: [], bubblewrap: false }).catch((error) => {
      endTurn();
      return refuse(socket, messageOf(error));
    });
    if (sandbox === undefined) return undefined;
    const session: OpenedSession = { sandbox, processes: new Map() };
    const token = randomUUID();
    const end = async (): Promise<void> => {
      sessions.delete(token);
      const ends = [...session.processes.values()].map((child) => sandbox.end(child, 0));
      await Promise.allSettled(ends);
      endTurn();
    };
    if (socket.destroyed) {
      await end();
      return undefined;
    }
    sessions.set(token, session);
    socket.once('close', () => void end());
    writeMessage(socket, { op: 'opened', root: sandbox.root, token });
    return session;
  }

  function serve(socket: Socket): void {
    let session: Promise<OpenedSession | undefined> | undefined;
    let takeData: FrameReceiver['data'];
    socket.on('error', () => undefined);
    readFrames(socket, {
      message(message) {
        const { op } = message;
        if (op === 'spawn') {
          const order = message as unknown as Spawn;
          takeData ??= serveProcess(socket, order, sessions.get(order.token), options.env);
        } else if (op === 'ping') writeMessage(socket, { op: 'pong' });
        else if (op === 'open') session ??= open(socket, message as unknown as Open);
        else void session?.then((opened) => opened && act(socket, opened, message));
      },
      data: (kind, body) => takeData?.(kind, body),
    });
  }

  rmSync(options.socket, { force: true });
  const server = createServer(serve);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.socket, resolve);
  });
  // Who may come here is decided by who has the volume mounted.
  chmodSync(options.socket, 0o666);
  return server;
}

function refuse(socket: Socket, reason: string): undefined {
  writeMessage(socket, { op: 'refused', reason });
  socket.end();
}

async function act(
  socket: Socket,
  { sandbox, processes }: OpenedSession,
  message: Record<string, unknown>,
): Promise<void> {
  if (message.op === 'signal') {
    const { process, signal } = message as unknown as Signal;
    const child = processes.get(process);
    if (child !== undefined) sandbox.signal(child, signal);
  }
  if (message.op !== 'call') return;
  const { id, method, args } = message as unknown as Call;
  try {
    const result = await callMethod(sandbox, processes, method, args);
    writeMessage(socket, { op: 'answer', id, result: result ?? null });
  } catch (error) {
    writeMessage(socket, { op: 'answer', id, error: messageOf(error) });
  }
}

async function callMethod(
  sandbox: Sandbox,
  processes: Map<string, SandboxProcess>,
  method: Call['method'],
  args: unknown[],
): Promise<unknown> {
  const [first, second] = args;
  switch (method) {
    case 'prepareFolder':
    case 'removeFolder':
    case 'listFolder':
      return sandbox[method](String(first));
    case 'findProgram':
      return sandbox.findProgram(String(first), String(second));
    case 'end': {
      const child = processes.get(String(first));
      return child && sandbox.end(child, Number(second));
    }
  }
}
