import { connect, createServer, type AddressInfo } from 'node:net';

const HOST = '127.0.0.1';

/**
 * A port of this container that leads to the egress proxy's socket: programs know proxies by host and
 * port, and the container has no network but its own loopback. Returns the port; undefined without
 * a socket.
 */
export async function passToProxy(socketPath: string | undefined): Promise<number | undefined> {
  if (socketPath === undefined) return undefined;
  const server = createServer((client) => {
    const proxy = connect(socketPath);
    client.on('error', () => proxy.destroy());
    proxy.on('error', () => client.destroy());
    client.on('close', () => proxy.destroy());
    proxy.on('close', () => client.destroy());
    client.pipe(proxy).pipe(client);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  return (server.address() as AddressInfo).port;
}

/** Under all the names by which programs know it. */
export function proxyEnvironment(port: number | undefined): Record<string, string> {
  if (port === undefined) return {};
  const url = `http://${HOST}:${port}`;
  const local = 'localhost,127.0.0.1,::1';
  return {
    ...{ HTTP_PROXY: url, HTTPS_PROXY: url, NO_PROXY: local },
    ...{ http_proxy: url, https_proxy: url, no_proxy: local },
    NODE_USE_ENV_PROXY: '1',
  };
}
