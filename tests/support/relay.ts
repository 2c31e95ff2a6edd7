import net from 'node:net';

/** A stretch of network between a program and the database that can be cut and mended. */
export interface Relay {
  /** The database's URL, over this road. */
  url(direct: string): string;
  /** Connections break, and nobody answers. */
  cut(): void;
  /** Nothing comes through any more, and nobody is told. */
  swallow(): void;
  mend(): Promise<void>;
  close(): Promise<void>;
}

/** `door`: what programs far away call, and the socket that it leads to; else a port of this machine. */
export async function startRelay(
  target: { host: string; port: number },
  door?: { host: string; port: number; socket: string },
): Promise<Relay> {
  const open = new Set<net.Socket>();
  let swallowing = false;
  const server = net.createServer((near) => {
    const far = net.connect(target.port, target.host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(from);
      from.on('data', (chunk) => {
        if (!swallowing) to.write(chunk);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        open.delete(from);
        if (!swallowing) to.destroy();
      });
    }
  });
  const listen = (port: number): Promise<void> =>
    new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(
        door === undefined ? { port, host: '127.0.0.1' } : { path: door.socket },
        resolve,
      );
    });
  await listen(0);
  const { host, port } = door ?? { host: '127.0.0.1', ...(server.address() as net.AddressInfo) };
  const cut = (): void => {
    server.close();
    for (const socket of [...open]) socket.destroy();
  };
  return {
    url(direct) {
      const url = new URL(direct);
      url.host = `${host}:${port}`;
      return url.href;
    },
    cut,
    swallow: () => void (swallowing = true),
    async mend() {
      // What was swallowed is lost; both ends have to begin anew.
      for (const socket of swallowing ? [...open] : []) socket.destroy();
      swallowing = false;
      if (!server.listening) await listen(port);
    },
    close: () =>
      new Promise((resolve) => {
        if (!server.listening) return resolve(cut());
        server.close(() => resolve());
        for (const socket of [...open]) socket.destroy();
      }),
  };
}
