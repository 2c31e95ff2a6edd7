import { connect } from 'node:net';
import { HOST } from './ports';

/** "May we speak TLS?": the one question that a server answers before it knows who asks. */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);
const PATIENCE_MS = 5_000;

/** Whether a Postgres server answers on the port; one that is being killed may be there and not. */
export function serverAnswers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    const finish = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(PATIENCE_MS, () => finish(false));
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('close', () => finish(false));
  });
}
