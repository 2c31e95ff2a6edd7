import { HOST } from '@coffee-roadmap/shared/postgres/ports';
import { connect } from 'node:net';

/** Whether somebody listens on this port of the loopback. */
export function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, HOST);
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
