import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';

export interface Delivered {
  /** Milliseconds until it was acknowledged. */
  ackMs: number;
  payload: unknown;
}

/** Slack's end of Socket Mode. */
export interface SlackSocket {
  /** Sockets that are open now. */
  readonly open: number;
  /** How many there were in all. */
  readonly opened: number;
  /** Sends an envelope over an open socket; resolves when it is acknowledged. */
  deliver(
    type: 'events_api' | 'interactive' | 'slash_commands',
    payload: object,
    retry?: { attempt: number; reason: string },
  ): Promise<Delivered>;
  /** Cuts every connection without a word. */
  drop(): void;
  close(): void;
}

interface Waiting {
  sentAt: number;
  envelope: object;
  over: WebSocket;
  resolve: (delivered: Delivered) => void;
}

export function createSlackSocket(server: Server): SlackSocket {
  const sockets = new WebSocketServer({ server, path: '/socket' });
  const waiting = new Map<string, Waiting>();
  let opened = 0;
  sockets.on('connection', (socket) => {
    opened += 1;
    socket.send(JSON.stringify({ type: 'hello', num_connections: 1 }));
    // What was not acknowledged before its socket was gone is delivered again.
    for (const entry of waiting.values()) {
      if (entry.over.readyState === WebSocket.OPEN) continue;
      entry.over = socket;
      const again = { retry_attempt: 1, retry_reason: 'timeout' };
      socket.send(JSON.stringify({ ...entry.envelope, ...again }));
    }
    socket.on('message', (data) => {
      const ack = JSON.parse((data as Buffer).toString('utf8')) as {
        envelope_id: string;
        payload?: unknown;
      };
      const entry = waiting.get(ack.envelope_id);
      waiting.delete(ack.envelope_id);
      entry?.resolve({ ackMs: Date.now() - entry.sentAt, payload: ack.payload });
    });
  });
  const live = (): WebSocket[] =>
    [...sockets.clients].filter((socket) => socket.readyState === WebSocket.OPEN);
  return {
    get open() {
      return live().length;
    },
    get opened() {
      return opened;
    },
    deliver(type, payload, retry) {
      const [over] = live();
      if (over === undefined) return Promise.reject(new Error('no socket is open'));
      const envelope = {
        envelope_id: randomUUID(),
        type,
        payload,
        accepts_response_payload: type !== 'events_api',
        ...(retry === undefined
          ? {}
          : { retry_attempt: retry.attempt, retry_reason: retry.reason }),
      };
      return new Promise((resolve) => {
        waiting.set(envelope.envelope_id, { sentAt: Date.now(), envelope, over, resolve });
        over.send(JSON.stringify(envelope));
      });
    },
    drop() {
      for (const socket of sockets.clients) socket.terminate();
    },
    close() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
    },
  };
}
