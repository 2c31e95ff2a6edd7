import { connect } from 'node:net';
import { HOST } from './ports';

const PATIENCE_MS = 5_000;
/** SQLSTATE of a server that is up and takes no connections: it starts, recovers, or ends. */
const CANNOT_CONNECT_NOW = '57P03';

/**
 * Whether a Postgres server on the port takes connections; undefined where none answers, as one does that is
 * being killed. Asks as a client does that then says no password: a server in recovery answers every other
 * question as if it were ready.
 */
export function serverAnswers(port: number): Promise<'ready' | 'not_yet' | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    let heard = Buffer.alloc(0);
    const finish = (): void => {
      socket.destroy();
      resolve(meaningOf(heard));
    };
    socket.setTimeout(PATIENCE_MS, finish);
    socket.once('connect', () => socket.write(STARTUP));
    socket.on('data', (data) => {
      heard = Buffer.concat([heard, data]);
      if (heard[0] !== ERROR || isWhole(heard)) finish();
    });
    socket.once('error', finish);
    socket.once('close', finish);
  });
}

const ERROR = 'E'.charCodeAt(0);
const isWhole = (message: Buffer): boolean =>
  message.length >= 5 && message.length > message.readInt32BE(1);

function meaningOf(heard: Buffer): 'ready' | 'not_yet' | undefined {
  if (heard.length === 0) return undefined;
  const refused = heard[0] === ERROR && heard.includes(`\0C${CANNOT_CONNECT_NOW}\0`);
  return refused ? 'not_yet' : 'ready';
}

/** The first message of protocol 3.0. */
const STARTUP = startupMessage('user\0postgres\0database\0postgres\0\0');

function startupMessage(parameters: string): Buffer {
  const message = Buffer.alloc(8 + parameters.length);
  message.writeInt32BE(message.length, 0);
  message.writeInt32BE(3 << 16, 4);
  message.write(parameters, 8, 'ascii');
  return message;
}
